package io.mantle.privacy.detect.tagger;

/**
 * A stretch of a text cut into runs of letters, runs of digits, line ends and single other
 * characters, with what describes each of them: hashes, letter case, the lists it is on, the key it
 * stands behind, how the same word is written elsewhere in the stretch.
 *
 * <p>No token is copied out of the text. A stretch has at most {@value #TOKENS_MAX} tokens, so that
 * memory is bounded; {@link #fill} goes from stretch to stretch and reuses the arrays. Not safe for
 * many threads; made for one call.
 */
final class Tokens {
  /** The longest stretch, in tokens. */
  static final int TOKENS_MAX = 4096;

  /** Past this many tokens a stretch ends with the next line. */
  private static final int TOKENS_FULL = 3072;

  /** Entries before the first and behind the last token, so that neighbours need no check. */
  static final int PAD = 3;

  /** How far behind a key its value may stand, in tokens. */
  private static final int KEY_TOKENS_MAX = 6;

  private static final int PHRASE_TOKENS_MAX = 4;
  private static final int LONG_NUMBER = 5;
  private static final int COMMON_DIGITS_MAX = 2;

  /** The frequency, of seven, from which a word is common. */
  private static final int COMMON_MIN = 4;

  /** So many small words tell whether a language is known. */
  private static final int SMALL_WORDS_MIN = 3;

  /** The longest word that is looked at for words written together. */
  private static final int JOINED_CHARS_MAX = 40;

  static final int MARK = 0;
  static final int DIGITS = 1;
  static final int LOWER = 2;
  static final int TITLE = 3;
  static final int UPPER = 4;
  static final int MIXED = 5;
  static final int LINE_END = 6;
  static final int CAPITAL = 7;
  static final int UNCASED = 8;
  static final int NONE = 9;

  static final int SPACE_BEFORE = 1;
  static final int SENTENCE_START = 2;

  static final int SEEN_LOWER = 1;
  static final int SEEN_TITLE = 2;
  static final int SEEN_UPPER = 4;

  private static final int SEEN_TITLE_ONCE = 8;

  private static final int LISTS = Lexicon.BEGINS_PHRASE - 1;

  private final String text;
  private final int[] start;
  private final int[] end;
  final byte[] kind;
  final byte[] flags;
  final int[] lower;
  final int[] exact;

  /** Tells every spelling from every other: 64 bits for each. */
  private final long[] word;

  final int[] shape;
  final int[] tail;
  final int[] key;
  final byte[] seen;
  final int[] lists;
  final int[] classes;

  /** The path to the word's cluster, in the language that the stretch seems to be in. */
  final int[] path;

  /** How that language uses the word: frequency and capitals. */
  final byte[] use;

  /** What the word means in English. */
  final int[] meaning;

  private long[] known = {};
  private int[] words = {};
  private byte[] written = {};
  private int size;
  private boolean mostlyCapitals;
  private boolean anyCapitals;
  private boolean casual;
  private int language;
  private boolean foreign;

  Tokens(String text) {
    this.text = text;
    int capacity = Math.min(text.length(), TOKENS_MAX) + 2 * PAD;
    start = new int[capacity];
    end = new int[capacity];
    kind = new byte[capacity];
    flags = new byte[capacity];
    lower = new int[capacity];
    exact = new int[capacity];
    word = new long[capacity];
    shape = new int[capacity];
    tail = new int[capacity];
    key = new int[capacity];
    seen = new byte[capacity];
    lists = new int[capacity];
    classes = new int[capacity];
    path = new int[capacity];
    use = new byte[capacity];
    meaning = new int[capacity];
    pad(0);
  }

  private void pad(int from) {
    for (int i = from; i < from + PAD; i++) {
      kind[i] = NONE;
      shape[i] = NONE << 4;
      lower[i] = 1;
      exact[i] = 1;
      word[i] = -1;
      tail[i] = 1;
      lists[i] = 0;
      classes[i] = 0;
      path[i] = 0;
      use[i] = 0;
      meaning[i] = 0;
      key[i] = 0;
      flags[i] = 0;
      seen[i] = 0;
    }
  }

  String text() {
    return text;
  }

  int size() {
    return size;
  }

  int start(int token) {
    return start[token + PAD];
  }

  int end(int token) {
    return end[token + PAD];
  }

  int lower(int token) {
    return lower[token + PAD];
  }

  int kind(int token) {
    return kind[token + PAD];
  }

  /** Which spelling a token has. */
  long word(int token) {
    return word[token + PAD];
  }

  /** What {@link Features#describeWord} reads of a token besides {@link #word}. */
  int wordContext(int token) {
    int i = token + PAD;
    return lists[i] << 8 | flags[i] << 4 | language;
  }

  /** What the features of a token's neighbour read besides the neighbour's {@link #word}. */
  int neighbourContext(int token) {
    return shape[token + PAD] << 4 | language;
  }

  /**
   * Whether a token is no secret of its text: a mark, a number of one or two digits, a word that
   * the {@link WordTable} has; or no token at all.
   */
  boolean isCommon(int token) {
    int i = token + PAD;
    return switch (kind[i]) {
      case MARK, LINE_END, NONE -> true;
      case DIGITS -> end[i] - start[i] <= COMMON_DIGITS_MAX;
      default -> known[i] != 0;
    };
  }

  boolean mostlyCapitals() {
    return mostlyCapitals;
  }

  /** Whether it has what short messages have: handles, hashtags, links. */
  boolean casual() {
    return casual;
  }

  boolean anyCapitals() {
    return anyCapitals;
  }

  /** Cuts the next stretch and returns where the one after it begins: the text's length at last. */
  int fill(int from) {
    int length = text.length();
    int at = from;
    int count = PAD;
    boolean space = true;
    boolean sentenceStart = true;
    while (at < length && count < TOKENS_MAX + PAD) {
      char c = text.charAt(at);
      if (c == ' ' || c == '\t' || c == '\r' || c == '\u00a0') {
        at++;
        space = true;
        continue;
      }
      int first = at;
      int tokenKind;
      if (c < 128 ? (c | 32) >= 'a' && (c | 32) <= 'z' : startsWord(c, at)) {
        at = letters(count, at);
        tokenKind = kind[count];
      } else if (c >= '0' && c <= '9') {
        at = digits(count, at);
        tokenKind = DIGITS;
      } else {
        int code = text.codePointAt(at);
        at += Character.charCount(code);
        if (c != '\n' && c >= 128 && Character.isSpaceChar(code)) {
          space = true;
          continue;
        }
        tokenKind = c == '\n' ? LINE_END : MARK;
        lower[count] = code;
        exact[count] = code;
        word[count] = code;
        tail[count] = code;
      }
      start[count] = first;
      end[count] = at;
      kind[count] = (byte) tokenKind;
      shape[count] = tokenKind << 4 | Math.min(at - first, lengthMax(tokenKind));
      flags[count] = (byte) ((space ? SPACE_BEFORE : 0) | (sentenceStart ? SENTENCE_START : 0));
      sentenceStart =
          switch (tokenKind) {
            case LINE_END -> true;
            case MARK -> c == '.' || c == '!' || c == '?' || (sentenceStart && c != ',');
            default -> false;
          };
      space = false;
      count++;
      if (tokenKind == LINE_END && count - PAD >= TOKENS_FULL) {
        break;
      }
    }
    size = count - PAD;
    pad(count);
    describeKeys();
    describeSeen();
    return at;
  }

  private static int lengthMax(int tokenKind) {
    return switch (tokenKind) {
      case DIGITS -> 12;
      case UPPER -> 4;
      case MARK, LINE_END -> 1;
      default -> 3;
    };
  }

  private boolean startsWord(char c, int at) {
    return Character.isHighSurrogate(c)
        ? Character.isLetter(text.codePointAt(at))
        : Character.isLetter(c);
  }

  private static boolean isMark(char c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  private int letters(int token, int from) {
    int length = text.length();
    int at = from;
    int low = Hashes.start();
    long full = Hashes.startLong();
    int upper = 0;
    int small = 0;
    boolean firstUpper = false;
    while (at < length) {
      char c = text.charAt(at);
      if (c < 128) {
        if (c >= 'a' && c <= 'z') {
          small++;
          low = Hashes.next(low, c);
        } else if (c >= 'A' && c <= 'Z') {
          firstUpper |= at == from;
          upper++;
          low = Hashes.next(low, c + 32);
        } else {
          break;
        }
      } else {
        if (Character.isSurrogate(c)) {
          int code = text.codePointAt(at);
          if (!Character.isLetter(code)) {
            break;
          }
          low = Hashes.next(low, code);
          full = Hashes.next(full, code);
          at += Character.charCount(code);
          continue;
        }
        if (Character.isUpperCase(c) || Character.isTitleCase(c)) {
          firstUpper |= at == from;
          upper++;
        } else if (Character.isLowerCase(c)) {
          small++;
        } else if (!Character.isLetter(c) && !isMark(c)) {
          break;
        }
        low = Hashes.next(low, Character.toLowerCase(c));
      }
      full = Hashes.next(full, c);
      at++;
    }
    lower[token] = low;
    exact[token] = Hashes.folded(full);
    word[token] = full;
    tail[token] = Hashes.lower(text, Math.max(from, at - 3), at);
    kind[token] = (byte) caseOf(upper, small, firstUpper);
    return at;
  }

  private static int caseOf(int upper, int small, boolean firstUpper) {
    if (upper == 0) {
      return small == 0 ? UNCASED : LOWER;
    }
    if (small == 0) {
      return upper == 1 ? CAPITAL : UPPER;
    }
    return upper == 1 && firstUpper ? TITLE : MIXED;
  }

  private int digits(int token, int from) {
    int length = text.length();
    int at = from;
    int hash = Hashes.start();
    while (at < length) {
      char c = text.charAt(at);
      if (c < '0' || c > '9') {
        break;
      }
      hash = Hashes.next(hash, c);
      at++;
    }
    // A long number says nothing by itself; its length does.
    int number = at - from < LONG_NUMBER ? hash : -Math.min(at - from, 24);
    lower[token] = number;
    exact[token] = number;
    word[token] = (long) number << Integer.SIZE;
    tail[token] = -Math.min(at - from, 24);
    return at;
  }

  /** What stands behind {@code name:} or {@code "email" =} has that word as its key. */
  private void describeKeys() {
    int last = 0;
    int lastAt = 0;
    int current = 0;
    int left = 0;
    for (int i = PAD; i < size + PAD; i++) {
      key[i] = left > 0 ? current : 0;
      left--;
      switch (kind[i]) {
        case MARK -> {
          int c = lower[i];
          if ((c == ':' || c == '=') && i - lastAt <= 2) {
            current = last;
            left = KEY_TOKENS_MAX;
          } else if (c == ',' || c == ';' || c == '}') {
            left = Math.min(left, 1);
          }
        }
        case LINE_END -> left = Math.min(left, 1);
        case DIGITS -> {}
        default -> {
          last = lower[i];
          lastAt = i;
        }
      }
    }
  }

  private void describeSeen() {
    int slots = Integer.highestOneBit(Math.max(size, 8)) << 2;
    if (words.length < slots) {
      words = new int[slots];
      written = new byte[slots];
    } else {
      slots = words.length;
      java.util.Arrays.fill(words, 0);
      java.util.Arrays.fill(written, (byte) 0);
    }
    int mask = slots - 1;
    int letters = 0;
    int capitals = 0;
    int titles = 0;
    casual = false;
    for (int i = PAD; i < size + PAD; i++) {
      int how = 0;
      casual |=
          kind[i] == MARK
              && (lower[i] == '@' || lower[i] == '#')
              && (flags[i] & SPACE_BEFORE) != 0
              && end[i] == start[i + 1];
      switch (kind[i]) {
        case LOWER -> how = SEEN_LOWER;
        case TITLE, MIXED -> {
          titles++;
          how = (flags[i] & SENTENCE_START) == 0 ? SEEN_TITLE_ONCE : 0;
        }
        case UPPER -> {
          capitals++;
          how = SEEN_UPPER;
        }
        case CAPITAL, UNCASED -> titles++;
        default -> {
          continue;
        }
      }
      letters++;
      int slot = slot(lower[i], mask);
      if (how == SEEN_TITLE_ONCE && (written[slot] & SEEN_TITLE_ONCE) != 0) {
        how = SEEN_TITLE;
      }
      written[slot] = (byte) (written[slot] | how);
    }
    anyCapitals = titles + capitals > 0;
    mostlyCapitals = letters > 3 && capitals * 2 > letters;
    for (int i = PAD; i < size + PAD; i++) {
      int how = 0;
      switch (kind[i]) {
        case LOWER, TITLE, MIXED, UPPER -> {
          how = written[slot(lower[i], mask)];
          boolean itself = kind[i] != LOWER && kind[i] != UPPER && (flags[i] & SENTENCE_START) == 0;
          if ((how & SEEN_TITLE_ONCE) != 0 && !itself) {
            how |= SEEN_TITLE;
          }
          how &= SEEN_TITLE_ONCE - 1;
        }
        default -> {}
      }
      seen[i] = (byte) how;
    }
  }

  private int slot(int hash, int mask) {
    int at = Hashes.mixed(hash) & mask;
    int sought = hash == 0 ? 1 : hash;
    while (words[at] != 0 && words[at] != sought) {
      at = (at + 1) & mask;
    }
    words[at] = sought;
    return at;
  }

  /** Marks the tokens that are on the lexicon's lists, singly or as part of a phrase. */
  void look(Lexicon lexicon) {
    java.util.Arrays.fill(lists, PAD, size + PAD, 0);
    for (int i = PAD; i < size + PAD; i++) {
      int of = kind[i];
      classes[i] = 0;
      if (of == MARK || of == LINE_END || of == DIGITS) {
        continue;
      }
      int found = lexicon.get(lower[i]);
      if ((found & Lexicon.BEGINS_PHRASE) != 0) {
        lookForPhrases(lexicon, i);
      }
      lists[i] |= found & LISTS;
      if (of == MIXED) {
        lookInside(lexicon, i);
      }
      classes[i] = found >>> Lexicon.CLASS_SHIFT;
    }
  }

  /** Which of {@link WordTable}'s languages the stretch seems to be in. */
  int language() {
    return language;
  }

  /** Whether most of its small words are unknown or rare in that language. */
  boolean foreign() {
    return foreign;
  }

  /** Finds the stretch's language, and each word's cluster and use in it. */
  void look(WordTable table) {
    if (known.length < size + 2 * PAD) {
      known = new long[size + 2 * PAD];
    }
    int[] sums = new int[WordTable.LANGUAGES];
    for (int i = 0; i < size; i++) {
      int of = kind[i + PAD];
      known[i + PAD] = of == MARK || of == LINE_END || of == DIGITS ? 0 : table.get(lower[i + PAD]);
      for (int l = 0; l < WordTable.LANGUAGES; l++) {
        sums[l] += WordTable.frequency(known[i + PAD], l);
      }
    }
    language = 0;
    for (int l = 1; l < WordTable.LANGUAGES; l++) {
      if (sums[l] > sums[language]) {
        language = l;
      }
    }
    int small = 0;
    int common = 0;
    for (int i = 0; i < size; i++) {
      if (kind[i + PAD] == LOWER) {
        small++;
        common += WordTable.frequency(known[i + PAD], language) >= COMMON_MIN ? 1 : 0;
      }
    }
    foreign = small >= SMALL_WORDS_MIN && common * 2 < small;
    for (int i = 0; i < size; i++) {
      path[i + PAD] = table.path(known[i + PAD], language);
      use[i + PAD] = (byte) WordTable.use(known[i + PAD], language);
      meaning[i + PAD] = WordTable.meaning(known[i + PAD]);
    }
  }

  /** The lists of {@code RhodeIsland} are those of its words together. */
  private void lookInside(Lexicon lexicon, int token) {
    int to = end[token];
    int from = start[token];
    if (to - from > JOINED_CHARS_MAX) {
      return;
    }
    int phrase = 0;
    int parts = 0;
    int all = 0;
    for (int at = from + 1; at <= to; at++) {
      boolean ends =
          at == to
              || (Character.isUpperCase(text.charAt(at))
                  && Character.isLowerCase(text.charAt(at - 1)));
      if (ends) {
        int word = Hashes.lower(text, from, at);
        phrase = parts == 0 ? word : Hashes.joined(phrase, word);
        all |= at - from > 2 ? lexicon.get(word) & LISTS : 0;
        parts++;
        from = at;
      }
    }
    if (parts > 1) {
      lists[token] |= all | (lexicon.get(phrase) & LISTS);
    }
  }

  private void lookForPhrases(Lexicon lexicon, int from) {
    int hash = lower[from];
    int last = Math.min(size + PAD, from + PHRASE_TOKENS_MAX);
    for (int i = from + 1; i < last && kind[i] != LINE_END; i++) {
      hash = Hashes.joined(hash, lower[i]);
      int found = lexicon.get(hash);
      if ((found & LISTS) != 0) {
        int marked = (found & LISTS) | Lexicon.IN_PHRASE;
        for (int j = from; j <= i; j++) {
          lists[j] |= marked;
        }
      }
    }
  }
}
