package io.mantle.privacy.detect.tagger;

/**
 * The features of a token, each as a row of the model's table. Changing anything here makes every
 * model file useless.
 */
public final class Features {
  /** The most features a token may have. */
  public static final int FEATURES_MAX = 128;

  private static final int SPREAD = 0x9e3779b1;
  private static final int LISTS = 15;

  /** A class without how frequent its words are. */
  private static final int CLASS_ALONE = 0x3ff;

  private final int shift;
  private int[] rows = {};
  private int count;
  private int template;

  Features(int tableBits) {
    shift = 32 - tableBits;
  }

  private void add(int value) {
    rows[count++] = Hashes.mixed(value * 0x2c1b3c6d + ++template * SPREAD) >>> shift;
  }

  private void add(int value, int other) {
    add(Integer.rotateLeft(value * 0x297a2d39, 11) ^ other * 0x5bd1e995);
  }

  private void add(int value, int other, int third) {
    add(Integer.rotateLeft(value * 0x297a2d39, 11) ^ other * 0x5bd1e995, third);
  }

  private void skip(int templates) {
    template += templates;
  }

  /** Writes the rows of a token into {@code out} and returns how many they are. */
  int describe(Tokens tokens, int token, int[] out) {
    int i = token + Tokens.PAD;
    rows = out;
    count = 0;
    template = 0;
    int[] lower = tokens.lower;
    int[] shape = tokens.shape;
    int[] lists = tokens.lists;
    int[] tail = tokens.tail;
    int kind = tokens.kind[i];
    int flags = tokens.flags[i];
    int word = lower[i];
    int look = shape[i];
    int left = lower[i - 1];
    int right = lower[i + 1];

    add(kind);
    add(word);
    add(tokens.exact[i]);
    add(look);
    add(left);
    add(right);
    add(lower[i - 2]);
    add(lower[i + 2]);
    add(lower[i - 3]);
    add(lower[i + 3]);
    add(left, word);
    add(word, right);
    add(left, look);
    add(look, right);
    add(left, look, right);
    add(shape[i - 1], look, shape[i + 1]);
    add(shape[i - 2], shape[i - 1], look);
    add(look, shape[i + 1], shape[i + 2]);
    add(lower[i - 2], left, kind);
    add(right, lower[i + 2], kind);
    add(flags, kind);
    add(flags, kind, tokens.flags[i + 1] << 4 | tokens.kind[i + 1]);

    boolean letters = kind >= Tokens.LOWER && kind != Tokens.LINE_END;
    if (letters) {
      addAffixes(tokens, token);
    } else {
      skip(5);
    }
    add(tail[i - 1], kind);
    add(tail[i + 1], kind);

    addLists(lists, i, kind, flags);
    addClasses(tokens.classes, i, kind, flags);
    addClusters(tokens, i, kind, flags);
    addDocument(tokens, i, kind, letters);

    int key = tokens.key[i];
    if (key != 0) {
      add(key);
      add(key, kind);
      add(key, look, shape[i + 1]);
    } else {
      skip(3);
    }
    return count;
  }

  private void addAffixes(Tokens tokens, int token) {
    String text = tokens.text();
    int start = tokens.start(token);
    int end = tokens.end(token);
    int length = end - start;
    int i = token + Tokens.PAD;
    add(tokens.tail[i]);
    if (length > 2) {
      add(Hashes.lower(text, end - 2, end));
      add(Hashes.lower(text, start, start + 2));
    } else {
      skip(2);
    }
    if (length > 4) {
      add(Hashes.lower(text, end - 4, end));
      add(Hashes.lower(text, start, start + 3));
    } else {
      skip(2);
    }
  }

  private void addLists(int[] lists, int i, int kind, int flags) {
    int on = lists[i];
    int before = lists[i - 1];
    int after = lists[i + 1];
    add(on, kind);
    add(on, kind, flags);
    add(before, on, kind);
    add(on, after, kind);
    add(before, on, after);
    add(before, after, kind);
    add(lists[i - 2], before, kind);
    add(after, lists[i + 2], kind);
    template++;
    for (int bits = on & (1 << LISTS) - 1; bits != 0; bits &= bits - 1) {
      int bit = Integer.numberOfTrailingZeros(bits);
      template--;
      add(bit, kind, on & Lexicon.IN_PHRASE);
    }
  }

  private void addClasses(int[] classes, int i, int kind, int flags) {
    int of = classes[i];
    int before = classes[i - 1];
    int after = classes[i + 1];
    add(of, kind);
    add(of & CLASS_ALONE, kind, flags);
    add(before & CLASS_ALONE, kind);
    add(after & CLASS_ALONE, kind);
    add(before & CLASS_ALONE, of & CLASS_ALONE, kind);
    add(of & CLASS_ALONE, after & CLASS_ALONE, kind);
    add(before & CLASS_ALONE, after & CLASS_ALONE, kind);
  }

  private void addClusters(Tokens tokens, int i, int kind, int flags) {
    int language = tokens.language();
    int[] path = tokens.path;
    int of = path[i];
    int before = path[i - 1];
    int after = path[i + 1];
    add(of, language);
    add(of & 15, language, kind);
    add(of & 63, language, kind);
    add(of & 255, language, kind);
    add(before, language, kind);
    add(after, language, kind);
    add(before & 63, of & 63, language);
    add(of & 63, after & 63, language);
    add(before & 63, after & 63, (language << 4) | kind);
    add(((path[i - 2] & 63) << 6) | (before & 63), language, kind);
    add(((path[i + 2] & 63) << 6) | (after & 63), language, kind);
    int[] meaning = tokens.meaning;
    int means = meaning[i] == 0 ? -1 : meaning[i] - 1;
    int meansBefore = meaning[i - 1] == 0 ? -1 : meaning[i - 1] - 1;
    int meansAfter = meaning[i + 1] == 0 ? -1 : meaning[i + 1] - 1;
    add(means, kind);
    add(means & 255, kind, flags);
    add(means & 15, kind, meansAfter & 15);
    add(meansBefore & 255, kind);
    add(meansAfter & 255, kind);
    add(meansBefore & 15, means & 255, kind);
    byte[] use = tokens.use;
    int how = (language << 4) | kind;
    add(use[i], how);
    add(use[i], how, flags);
    add(use[i - 1], use[i], how);
    add(use[i], use[i + 1], how);
  }

  private void addDocument(Tokens tokens, int i, int kind, boolean letters) {
    int text =
        (tokens.mostlyCapitals() ? 1 : 0)
            | (tokens.anyCapitals() ? 2 : 0)
            | (tokens.casual() ? 4 : 0);
    add(text, kind);
    if (letters) {
      int seen = tokens.seen[i];
      int sentence = tokens.flags[i] & Tokens.SENTENCE_START;
      add(seen << 3 | text, kind, sentence);
      add(seen << 3 | text, kind, tokens.lists[i]);
      add(tokens.lower[i], text);
    } else {
      skip(3);
    }
  }
}
