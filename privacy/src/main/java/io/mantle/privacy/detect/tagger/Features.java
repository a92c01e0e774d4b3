package io.mantle.privacy.detect.tagger;

/**
 * The features of a token, each as a row of the model's table: those of its word alone, those of
 * the word on either side, and those of the place as a whole. Changing anything here makes every
 * model file useless.
 */
public final class Features {
  /** The most features a token may have. */
  public static final int FEATURES_MAX = 128;

  private static final int SPREAD = 0x9e3779b1;
  private static final int LISTS = 15;

  /** A class without how frequent its words are. */
  private static final int CLASS_ALONE = 0x3ff;

  /** Where each group's templates are counted from. */
  private static final int WORD = 0;

  private static final int LEFT = 32;
  private static final int RIGHT = 40;
  private static final int PLACE = 48;

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

  /** Writes all rows of a token into {@code out} and returns how many they are. */
  int describe(Tokens tokens, int token, int[] out) {
    begin(out);
    addWord(tokens, token);
    addNeighbour(tokens, token, -1);
    addNeighbour(tokens, token, 1);
    addPlace(tokens, token);
    return count;
  }

  /** The rows that follow from {@link Tokens#word}, {@link Tokens#wordContext} and no more. */
  int describeWord(Tokens tokens, int token, int[] out) {
    begin(out);
    addWord(tokens, token);
    return count;
  }

  /**
   * The rows that follow from the word beside a token and {@link Tokens#neighbourContext}.
   *
   * @param step -1 for the word before, 1 for the one behind
   */
  int describeNeighbour(Tokens tokens, int token, int step, int[] out) {
    begin(out);
    addNeighbour(tokens, token, step);
    return count;
  }

  /** All other rows. */
  int describePlace(Tokens tokens, int token, int[] out) {
    begin(out);
    addPlace(tokens, token);
    return count;
  }

  private void begin(int[] out) {
    rows = out;
    count = 0;
  }

  private void addWord(Tokens tokens, int token) {
    template = WORD;
    int i = token + Tokens.PAD;
    int kind = tokens.kind[i];
    int flags = tokens.flags[i];
    add(kind);
    add(tokens.lower[i]);
    add(tokens.exact[i]);
    add(tokens.shape[i]);
    add(flags, kind);
    if (isLetters(kind)) {
      addAffixes(tokens, token);
    } else {
      skip(5);
    }
    int of = tokens.classes[i];
    add(of, kind);
    add(of & CLASS_ALONE, kind, flags);
    int language = tokens.language();
    int path = tokens.path[i];
    add(path, language);
    add(path & 15, language, kind);
    add(path & 63, language, kind);
    add(path & 255, language, kind);
    int means = tokens.meaning[i] - 1;
    add(means, kind);
    add(means & 255, kind, flags);
    int how = (language << 4) | kind;
    add(tokens.use[i], how);
    add(tokens.use[i], how, flags);
    int on = tokens.lists[i];
    add(on, kind);
    add(on, kind, flags);
    template++;
    for (int bits = on & (1 << LISTS) - 1; bits != 0; bits &= bits - 1) {
      int bit = Integer.numberOfTrailingZeros(bits);
      template--;
      add(bit, kind, on & Lexicon.IN_PHRASE);
    }
  }

  private static boolean isLetters(int kind) {
    return kind >= Tokens.LOWER && kind != Tokens.LINE_END;
  }

  private void addAffixes(Tokens tokens, int token) {
    String text = tokens.text();
    int start = tokens.start(token);
    int end = tokens.end(token);
    int length = end - start;
    add(tokens.tail[token + Tokens.PAD]);
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

  private void addNeighbour(Tokens tokens, int token, int step) {
    template = step < 0 ? LEFT : RIGHT;
    int i = token + Tokens.PAD;
    int beside = i + step;
    int kind = tokens.kind[i];
    int word = tokens.lower[beside];
    add(word);
    add(word, tokens.shape[i]);
    add(tokens.tail[beside], kind);
    add(tokens.classes[beside] & CLASS_ALONE, kind);
    add(tokens.path[beside], tokens.language(), kind);
    add((tokens.meaning[beside] - 1) & 255, kind);
  }

  private void addPlace(Tokens tokens, int token) {
    template = PLACE;
    int i = token + Tokens.PAD;
    int[] lower = tokens.lower;
    int[] shape = tokens.shape;
    int kind = tokens.kind[i];
    int flags = tokens.flags[i];
    int word = lower[i];
    int look = shape[i];
    int left = lower[i - 1];
    int right = lower[i + 1];
    add(lower[i - 2]);
    add(lower[i + 2]);
    add(lower[i - 3]);
    add(lower[i + 3]);
    add(left, word);
    add(word, right);
    add(left, look, right);
    add(shape[i - 1], look, shape[i + 1]);
    add(shape[i - 2], shape[i - 1], look);
    add(look, shape[i + 1], shape[i + 2]);
    add(lower[i - 2], left, kind);
    add(right, lower[i + 2], kind);
    add(flags, kind, tokens.flags[i + 1] << 4 | tokens.kind[i + 1]);
    addLists(tokens.lists, i, kind);
    addClasses(tokens.classes, i, kind);
    addClusters(tokens, i, kind);
    addDocument(tokens, i, kind);
    int key = tokens.key[i];
    if (key != 0) {
      add(key);
      add(key, kind);
      add(key, look, shape[i + 1]);
    }
  }

  private void addLists(int[] lists, int i, int kind) {
    int on = lists[i];
    int before = lists[i - 1];
    int after = lists[i + 1];
    add(before, on, kind);
    add(on, after, kind);
    add(before, on, after);
    add(before, after, kind);
    add(lists[i - 2], before, kind);
    add(after, lists[i + 2], kind);
  }

  private void addClasses(int[] classes, int i, int kind) {
    int of = classes[i] & CLASS_ALONE;
    int before = classes[i - 1] & CLASS_ALONE;
    int after = classes[i + 1] & CLASS_ALONE;
    add(before, of, kind);
    add(of, after, kind);
    add(before, after, kind);
  }

  private void addClusters(Tokens tokens, int i, int kind) {
    int language = tokens.language();
    int[] path = tokens.path;
    int of = path[i] & 63;
    int before = path[i - 1] & 63;
    int after = path[i + 1] & 63;
    add(before, of, language);
    add(of, after, language);
    add(before, after, (language << 4) | kind);
    add(((path[i - 2] & 63) << 6) | before, language, kind);
    add(((path[i + 2] & 63) << 6) | after, language, kind);
    int[] meaning = tokens.meaning;
    int means = meaning[i] - 1;
    add(means & 15, kind, (meaning[i + 1] - 1) & 15);
    add((meaning[i - 1] - 1) & 15, means & 255, kind);
    byte[] use = tokens.use;
    int how = (language << 4) | kind;
    add(use[i - 1], use[i], how);
    add(use[i], use[i + 1], how);
  }

  private void addDocument(Tokens tokens, int i, int kind) {
    int text =
        (tokens.mostlyCapitals() ? 1 : 0)
            | (tokens.anyCapitals() ? 2 : 0)
            | (tokens.casual() ? 4 : 0);
    add(text, kind);
    if (isLetters(kind)) {
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
