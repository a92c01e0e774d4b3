package io.mantle.privacy.detect.tagger;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * What large unlabelled text tells of frequent words, for each of a few languages: the cluster of
 * words that stand where this one stands (a path in a Brown tree), how frequent the word is, and
 * how often it is written with a capital. Words are kept as 32-bit hashes of their lower case.
 *
 * <p>Immutable; safe for many threads.
 */
public final class WordTable {
  /** English, German, Spanish. */
  public static final int LANGUAGES = 3;

  /**
   * Bits of a language in an entry: ten of the cluster's number, three and three of {@link Use}.
   */
  private static final int LANGUAGE_BITS = 16;

  private static final int MEANING_SHIFT = LANGUAGES * LANGUAGE_BITS;

  private static final int CLUSTER_BITS = 10;

  /** The most clusters of a language; number 0 is none. */
  public static final int CLUSTERS_MAX = 1 << CLUSTER_BITS;

  /**
   * How a language uses a word.
   *
   * @param cluster its number, 0 to {@value #CLUSTERS_MAX} - 1; 0 if it has none
   * @param frequency 1 (rare) to 7; 0 if the language does not know the word
   * @param capitals how much of it has a capital: 0 (never) to 7 (always)
   */
  public record Use(int cluster, int frequency, int capitals) {
    /** The entry's bits for this use. */
    long packed() {
      return ((long) cluster << 6) | (frequency << 3) | capitals;
    }
  }

  /** Adds what English words mean, a path of 12 bits, to an entry. */
  public static long withMeaning(long entry, int path) {
    return entry | (long) (path + 1) << MEANING_SHIFT;
  }

  /**
   * The path to what an English word means, its first four bits the lowest; 0 if unknown, else one
   * more.
   */
  static int meaning(long entry) {
    return (int) (entry >>> MEANING_SHIFT);
  }

  /** Adds a language's use of a word to an entry. */
  public static long with(long entry, int language, Use use) {
    return entry | use.packed() << (language * LANGUAGE_BITS);
  }

  private final int[][] paths;
  private final HashSlots slots;
  private final long[] values;

  /**
   * A table.
   *
   * @param paths for each language and each of its clusters the path from the root, the first turn
   *     in the lowest bit
   * @param entries from hashes of words ({@link Hashes#phrase}) to what {@link #with} made
   */
  public WordTable(int[][] paths, Map<Integer, Long> entries) {
    this(paths, entries.size());
    entries.forEach(this::put);
  }

  private WordTable(int[][] paths, int size) {
    this.paths = paths.clone();
    slots = new HashSlots(size);
    values = new long[slots.length()];
  }

  private void put(int key, long value) {
    values[slots.take(key)] = value;
  }

  /** The entry of a word; 0 if it has none. */
  long get(int key) {
    int at = slots.slot(key);
    return slots.holds(at, key) ? values[at] : 0;
  }

  /**
   * Frequency and capitals of a word in a language, six bits; 0 if the language does not know it.
   */
  static int use(long entry, int language) {
    int use = (int) (entry >>> (language * LANGUAGE_BITS)) & 63;
    return use < 8 ? 0 : use;
  }

  /** How frequent a word is in a language, 0 to 7. */
  static int frequency(long entry, int language) {
    return (int) (entry >>> (language * LANGUAGE_BITS + 3)) & 7;
  }

  /** The path to the word's cluster in a language; 0 if it has none. */
  int path(long entry, int language) {
    return paths[language][(int) (entry >>> (language * LANGUAGE_BITS + 6)) & (CLUSTERS_MAX - 1)];
  }

  static WordTable read(DataInputStream in) throws IOException {
    int[][] paths = new int[LANGUAGES][CLUSTERS_MAX];
    for (int[] ofLanguage : paths) {
      for (int i = 0; i < CLUSTERS_MAX; i++) {
        ofLanguage[i] = in.readInt();
      }
    }
    int size = in.readInt();
    byte[] bytes = new byte[size * 12];
    in.readFully(bytes);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    WordTable table = new WordTable(paths, size);
    for (int i = 0; i < size; i++) {
      int key = buffer.getInt();
      long value = 0;
      for (int language = 0; language <= LANGUAGES; language++) {
        value |= (buffer.getShort() & 0xffffL) << (language * LANGUAGE_BITS);
      }
      table.put(key, value);
    }
    return table;
  }

  void write(DataOutputStream out) throws IOException {
    TreeMap<Integer, Long> sorted = new TreeMap<>();
    for (int i = 0; i < slots.length(); i++) {
      if (slots.key(i) != 0) {
        sorted.put(slots.key(i), values[i]);
      }
    }
    for (int[] ofLanguage : paths) {
      for (int path : ofLanguage) {
        out.writeInt(path);
      }
    }
    out.writeInt(sorted.size());
    for (var entry : sorted.entrySet()) {
      out.writeInt(entry.getKey());
      for (int language = 0; language <= LANGUAGES; language++) {
        out.writeShort((int) (entry.getValue() >>> (language * LANGUAGE_BITS)));
      }
    }
  }
}
