package io.mantle.privacy.detect.tagger;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which lists a word or phrase is on: first names, cities, company words and so on. Words are kept
 * as 32-bit hashes only; two that share one are taken for each other.
 *
 * <p>Immutable; safe for many threads.
 */
public final class Lexicon {
  /** A first name. */
  public static final int FIRST_NAME = 1;

  /** A surname. */
  public static final int LAST_NAME = 1 << 1;

  /** A city or town. */
  public static final int CITY = 1 << 2;

  /** A country, state, region or continent. */
  public static final int REGION = 1 << 3;

  /** A word that ends or makes the name of an organisation: Ltd, Bank, University. */
  public static final int COMPANY_WORD = 1 << 4;

  /** A word of a street address: Street, Ave, rue. */
  public static final int STREET_WORD = 1 << 5;

  /** A form of address before a name. */
  public static final int TITLE = 1 << 6;

  /** A code of a state or country. */
  public static final int CODE = 1 << 7;

  /** A month or day of the week. */
  public static final int TIME_WORD = 1 << 8;

  /** A common first name. */
  public static final int COMMON_FIRST_NAME = 1 << 9;

  /** A common surname. */
  public static final int COMMON_LAST_NAME = 1 << 10;

  /** A large city. */
  public static final int LARGE_CITY = 1 << 11;

  /** A company, agency or institution. */
  public static final int ORGANISATION = 1 << 12;

  /** What a city is called elsewhere. */
  public static final int OTHER_CITY = 1 << 13;

  /** A brand, an operator of transport or of public works. */
  public static final int BRAND = 1 << 14;

  /** Found as part of a phrase. */
  public static final int IN_PHRASE = 1 << 15;

  /** A longer entry begins with this word. */
  public static final int BEGINS_PHRASE = 1 << 16;

  /** Where the class of a common word begins: what WordNet says it mostly is, and how often. */
  public static final int CLASS_SHIFT = 17;

  private final HashSlots slots;
  private final int[] values;

  /** From hashes ({@link Hashes#phrase}) to unions of the constants here. */
  public Lexicon(Map<Integer, Integer> entries) {
    slots = new HashSlots(entries.size());
    values = new int[slots.length()];
    entries.forEach((key, value) -> put(key, value));
  }

  private void put(int key, int value) {
    values[slots.take(key)] = value;
  }

  /** The lists of an entry, 0 if there is none. */
  int get(int key) {
    int at = slots.slot(key);
    return slots.holds(at, key) ? values[at] : 0;
  }

  static Lexicon read(DataInputStream in) throws IOException {
    int size = in.readInt();
    byte[] bytes = new byte[size * 8];
    in.readFully(bytes);
    java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(bytes);
    return new Lexicon(size, buffer);
  }

  private Lexicon(int size, java.nio.ByteBuffer entries) {
    slots = new HashSlots(size);
    values = new int[slots.length()];
    for (int i = 0; i < size; i++) {
      put(entries.getInt(), entries.getInt());
    }
  }

  void write(DataOutputStream out) throws IOException {
    TreeMap<Integer, Integer> sorted = new TreeMap<>();
    for (int i = 0; i < slots.length(); i++) {
      if (slots.key(i) != 0) {
        sorted.put(slots.key(i), values[i]);
      }
    }
    out.writeInt(sorted.size());
    for (var entry : sorted.entrySet()) {
      out.writeInt(entry.getKey());
      out.writeInt(entry.getValue());
    }
  }
}
