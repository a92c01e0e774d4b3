package io.mantle.privacy.match;

import java.util.Arrays;

/**
 * A set of phrases, and the search for them in text that may still be arriving.
 *
 * <p>The naive matcher, a trie walked anew from each position, and on purpose: the phrases of one
 * request are few and at most {@link #PHRASE_CHARS_MAX} long, nearly every position fails at the
 * root, and the walk answers exactly the question a stream asks: from where on could what has
 * arrived still become a phrase? An Aho-Corasick automaton would save the re-reading of partial
 * matches, at the price of a goto table to be built for every request and of failure links that
 * blur where a partial match began. The dictionaries that are matched whole use the library.
 *
 * <p>A <em>bounded</em> phrase is only found where it is not part of a longer word or number:
 * "Anna" in "Anna's", not in "Annabel". A plural or genitive {@code s} may follow. Scripts that
 * write no space between words (Chinese, Japanese, Thai and their like) and Korean, whose particles
 * are attached, have no such boundary to see: there a bounded phrase is found as any other.
 *
 * <p>The text may be the source of a JSON text. It is then read as what its strings say, escape by
 * escape: phrases are found however they are spelled, and never begin or end inside of an escape.
 *
 * <p>Time: linear in the text, times the length of the partial matches. Memory: 15 bytes for each
 * character of the phrases, shared prefixes counted once. Immutable and safe for use by many
 * threads.
 */
public final class PhraseSet {
  /** Longer phrases are refused by {@link Builder#add}. */
  public static final int PHRASE_CHARS_MAX = 64 * 1024;

  private static final int ROOT = 0;
  private static final int NONE = 0; // no node links back to the root
  private static final int ASCII = 128;
  private static final boolean[] ASCII_OF_WORD = new boolean[ASCII];

  static {
    for (char c = 0; c < ASCII; c++) {
      ASCII_OF_WORD[c] = Character.isLetterOrDigit(c);
    }
  }

  private static final char UNSPACED_FIRST = '\u0E00'; // the first letter of Thai

  private final char[] labels;
  private final int[] firstChildren;
  private final int[] siblings;
  private final int[] phraseAt; // node -> phrase + 1, or 0
  private final boolean[] leadsInsideWords; // node -> whether on a way to an unbounded phrase
  private final boolean[] bounded;
  private final int[] roots; // open addressing by first character, at most a quarter full
  private final int rootShift;
  private final boolean[] pairs = new boolean[ASCII * ASCII]; // how phrases begin
  private final int[] asciiRoots = new int[ASCII]; // the same for the usual characters

  private PhraseSet(Builder builder) {
    int nodes = builder.nodes;
    labels = Arrays.copyOf(builder.labels, nodes);
    firstChildren = Arrays.copyOf(builder.firstChildren, nodes);
    siblings = Arrays.copyOf(builder.siblings, nodes);
    phraseAt = Arrays.copyOf(builder.phraseAt, nodes);
    leadsInsideWords = Arrays.copyOf(builder.leadsInsideWords, nodes);
    bounded = Arrays.copyOf(builder.bounded, builder.phrases);
    int count = 0;
    for (int child = firstChildren[ROOT]; child != NONE; child = siblings[child]) {
      count++;
    }
    rootShift = Math.min(25, Integer.numberOfLeadingZeros(count * 4));
    roots = new int[1 << (32 - rootShift)];
    for (int child = firstChildren[ROOT]; child != NONE; child = siblings[child]) {
      roots[rootSlot(labels[child])] = child;
      if (labels[child] < ASCII) {
        asciiRoots[labels[child]] = child;
        pairs(child);
      }
    }
  }

  private void pairs(int root) {
    int first = labels[root] * ASCII;
    if (phraseAt[root] != 0) {
      Arrays.fill(pairs, first, first + ASCII, true);
    }
    for (int child = firstChildren[root]; child != NONE; child = siblings[child]) {
      if (labels[child] < ASCII) {
        pairs[first + labels[child]] = true;
      }
    }
  }

  public boolean isEmpty() {
    return bounded.length == 0;
  }

  /**
   * Finds the leftmost phrase that begins at {@code from} or later, and of those that begin there
   * the longest.
   *
   * @param text what is at hand; of JSON source, it begins with no half of an escape
   * @param from where to begin: 0 or where the phrase found before ends
   * @param before what stands before the text, and how it is written
   * @param more whether more text may follow: then a phrase that could still begin, grow or turn
   *     out to be part of a word is not decided, nor is an escape that is not complete
   * @param hit receives the answer
   */
  public void find(CharSequence text, int from, Before before, boolean more, Hit hit) {
    int length = text.length();
    boolean json = before.jsonEscapes;
    char left = before.leftOf(text, from);
    int start = from;
    while (start < length) {
      if (!json) {
        start = next(text, start);
        if (start == length) {
          break;
        }
      }
      int c;
      int next;
      if (json) {
        int unit = before.unitAt(text, start, more);
        if (unit == Before.INCOMPLETE) {
          hit.undecided(start);
          return;
        }
        c = Before.character(unit);
        next = start + Before.width(unit);
      } else {
        c = text.charAt(start);
        next = start + 1;
      }
      int node = c < ASCII ? asciiRoots[c] : roots[rootSlot(c)];
      if (node != NONE && (json || !failsAtAGlance(text, from, start, c, node))) {
        char leftOfStart = json ? left : before.leftOf(text, start);
        if (findAt(text, start, next, node, leftOfStart, before, more, hit)) {
          return;
        }
      }
      if (json) { // what has been read need not be read backwards
        left = Before.left(left, (char) c);
      }
      start = next;
    }
    hit.undecided(length);
  }

  /** The next place, from {@code start} on, at which a phrase may begin by its two characters. */
  private int next(CharSequence text, int start) {
    int last = text.length() - 1;
    int at = start;
    if (at > last) {
      return at;
    }
    char c = text.charAt(at);
    while (at < last) {
      char after = text.charAt(at + 1);
      if (c >= ASCII || after >= ASCII || pairs[c * ASCII + after]) {
        return at;
      }
      c = after;
      at++;
    }
    return at;
  }

  /** Nearly all that begins like a phrase stands inside of a word, or goes on otherwise. */
  private boolean failsAtAGlance(CharSequence text, int from, int start, int c, int node) {
    if (!leadsInsideWords[node] && start - from >= 2 && c < ASCII && ASCII_OF_WORD[c]) {
      char left = text.charAt(start - 1);
      if (left < ASCII && ASCII_OF_WORD[left] && text.charAt(start - 2) != '\\') {
        return true;
      }
    }
    return start + 1 < text.length()
        && phraseAt[node] == 0
        && child(node, text.charAt(start + 1)) == NONE;
  }

  /**
   * The walk from one position.
   *
   * @param next where the text goes on after the first character, which led to {@code node}
   * @return whether this is where the search ends
   */
  private boolean findAt(
      CharSequence text,
      int start,
      int next,
      int node,
      char left,
      Before before,
      boolean more,
      Hit hit) {
    boolean insideWord = join(left, labels[node]);
    int found = -1;
    int foundEnd = 0;
    boolean open = false;
    int at = next;
    while (node != NONE && (!insideWord || leadsInsideWords[node])) {
      int phrase = phraseAt[node] - 1;
      if (phrase >= 0 && !(insideWord && bounded[phrase])) {
        switch (bounded[phrase] ? rightEdge(text, labels[node], at, before, more) : Edge.STANDS) {
          case STANDS -> {
            found = phrase;
            foundEnd = at;
            open = false; // the longer one wins, whatever becomes of the shorter
          }
          case OPEN -> open = true;
          case FAILS -> {}
        }
      }
      int unit = before.unitAt(text, at, more);
      if (unit == Before.INCOMPLETE && grows(node, insideWord)) {
        hit.undecided(start);
        return true;
      }
      if (unit <= 0) {
        break;
      }
      node = child(node, Before.character(unit));
      at += Before.width(unit);
    }
    if (open) {
      hit.undecided(start);
      return true;
    }
    if (found >= 0) {
      hit.found(found, start, foundEnd);
      return true;
    }
    return false;
  }

  /** Where the node of a phrase's first character stands, or would. */
  private int rootSlot(int c) {
    int slot = (c * 0x9E3779B1) >>> rootShift;
    while (roots[slot] != NONE && labels[roots[slot]] != c) {
      slot = (slot + 1) & (roots.length - 1);
    }
    return slot;
  }

  private int child(int node, int c) {
    int child = firstChildren[node];
    while (child != NONE && labels[child] != c) {
      child = siblings[child];
    }
    return child;
  }

  private boolean grows(int node, boolean insideWord) {
    int child = firstChildren[node];
    while (child != NONE && insideWord && !leadsInsideWords[child]) {
      child = siblings[child];
    }
    return child != NONE;
  }

  private enum Edge {
    STANDS,
    FAILS,
    OPEN
  }

  /** Whether a word ends at {@code end}, after {@code last}. */
  private static Edge rightEdge(
      CharSequence text, char last, int end, Before before, boolean more) {
    if (!isWord(last) && !isMark(last)) {
      return Edge.STANDS; // nothing that follows could join it
    }
    int unit = before.unitAt(text, end, more);
    if (unit <= 0) {
      return unit == Before.INCOMPLETE ? Edge.OPEN : Edge.STANDS;
    }
    char next = (char) Before.character(unit);
    if (!join(last, next)) {
      return Edge.STANDS;
    }
    if (next != 's' || !isLetter(last)) {
      return Edge.FAILS;
    }
    unit = before.unitAt(text, end + Before.width(unit), more);
    if (unit <= 0) {
      return unit == Before.INCOMPLETE ? Edge.OPEN : Edge.STANDS;
    }
    return join(next, (char) Before.character(unit)) ? Edge.FAILS : Edge.STANDS;
  }

  /** Whether two neighbouring characters belong to one word or one number. */
  public static boolean join(char left, char right) {
    if (isDigit(left) && isDigit(right)) {
      return true;
    }
    return (isLetter(left) && (isWord(right) || isMark(right)))
        || (isLetter(right) && (isWord(left) || isMark(left)));
  }

  private static boolean isDigit(char c) {
    return Character.isDigit(c);
  }

  private static boolean isLetter(char c) {
    return Character.isLetter(c) && !(c >= UNSPACED_FIRST && isUnspaced(c));
  }

  private static boolean isWord(char c) {
    return isDigit(c) || isLetter(c);
  }

  /** Whether words stand beside each other without a space where this letter is used. */
  private static boolean isUnspaced(char c) {
    return switch (Character.UnicodeScript.of(c)) {
      case HAN, HIRAGANA, KATAKANA, BOPOMOFO, HANGUL, THAI, LAO, KHMER, MYANMAR -> true;
      default -> c == '\u30FC'; // the mark of a long vowel belongs to no one script
    };
  }

  private static boolean isMark(char c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  /**
   * What stood before the text that is searched, as much of it as decides whether a word begins,
   * and whether the text is read as it stands or as the source of a JSON text.
   *
   * <p>In either, the {@code n} of a {@code \n} that the text itself says is no letter: models
   * write programs, and JSON in JSON.
   */
  public static final class Before {
    /** The end of the text, and it is the end. */
    private static final int END = 0;

    /** The end of the text, or an escape that it cuts off, and there may be more. */
    private static final int INCOMPLETE = -1;

    /** What is no character of a string: its quotes, an escape that is none. */
    private static final int NO_CHARACTER = 0x10000;

    private static final int WIDTH_SHIFT = 20;

    private final boolean jsonEscapes;
    private char last;

    /**
     * Nothing yet.
     *
     * @param jsonEscapes whether the text is the source of a JSON text, to be read escape by escape
     */
    public Before(boolean jsonEscapes) {
      this.jsonEscapes = jsonEscapes;
    }

    /** Takes note that {@code [0, end)} of {@code text} has gone by. */
    public void passed(CharSequence text, int end) {
      last = leftOf(text, end);
    }

    /** What stands left of {@code end}, where the text does not begin inside of an escape. */
    private char leftOf(CharSequence text, int end) {
      if (end == 0) {
        return last;
      }
      int start = unitBefore(text, end);
      char c = (char) character(unitAt(text, start, false));
      if (!mayFollowBackslash(c)) {
        return c;
      }
      char left =
          start == 0 ? last : (char) character(unitAt(text, unitBefore(text, start), false));
      return left(left, c);
    }

    /** What {@code c} is to its right neighbour, after {@code left}. */
    private static char left(char left, char c) {
      return left == '\\' && mayFollowBackslash(c) ? '\n' : c;
    }

    private static boolean mayFollowBackslash(char c) {
      return c == 'n' || c == 'r' || c == 't' || c == 'b' || c == 'f';
    }

    /**
     * The character that begins at {@code at}: what it is and how many characters of the text write
     * it; or END or INCOMPLETE. Says the same of a position however much of the text is there.
     */
    private int unitAt(CharSequence text, int at, boolean more) {
      int length = text.length();
      if (at == length) {
        return more ? INCOMPLETE : END;
      }
      char c = text.charAt(at);
      if (!jsonEscapes || (c != '\\' && c != '"')) {
        return unit(1, c);
      }
      if (c == '"') {
        return unit(1, NO_CHARACTER);
      }
      if (at + 1 == length) {
        return more ? INCOMPLETE : unit(1, NO_CHARACTER);
      }
      return switch (text.charAt(at + 1)) {
        case '"' -> unit(2, '"');
        case '\\' -> unit(2, '\\');
        case '/' -> unit(2, '/');
        case 'b' -> unit(2, '\b');
        case 'f' -> unit(2, '\f');
        case 'n' -> unit(2, '\n');
        case 'r' -> unit(2, '\r');
        case 't' -> unit(2, '\t');
        case 'u' -> hexUnit(text, at, more);
        default -> unit(2, NO_CHARACTER);
      };
    }

    private static int hexUnit(CharSequence text, int at, boolean more) {
      int c = 0;
      for (int i = at + 2; i < at + 6; i++) {
        if (i == text.length()) {
          return more ? INCOMPLETE : unit(2, NO_CHARACTER);
        }
        char digit = text.charAt(i);
        int value = digit < 128 ? Character.digit(digit, 16) : -1;
        if (value < 0) {
          return unit(2, NO_CHARACTER);
        }
        c = (c << 4) | value;
      }
      return unit(6, c);
    }

    /** Where the character begins that ends at {@code end}. */
    private int unitBefore(CharSequence text, int end) {
      if (jsonEscapes) {
        for (int width = 6; width >= 2; width -= 4) {
          int start = end - width;
          if (start >= 0
              && text.charAt(start) == '\\'
              && isEscape(text, start)
              && width(unitAt(text, start, false)) == width) {
            return start;
          }
        }
      }
      return end - 1;
    }

    /** Whether the backslash at {@code at} is not itself escaped by one before it. */
    private static boolean isEscape(CharSequence text, int at) {
      int first = at;
      while (first > 0 && text.charAt(first - 1) == '\\') {
        first--;
      }
      return (at - first) % 2 == 0;
    }

    private static int unit(int width, int character) {
      return width << WIDTH_SHIFT | character;
    }

    private static int width(int unit) {
      return unit >> WIDTH_SHIFT;
    }

    private static int character(int unit) {
      return unit & ((1 << WIDTH_SHIFT) - 1);
    }
  }

  /** The answer of a search; reused from one to the next. */
  public static final class Hit {
    private int phrase;
    private int start;
    private int end;

    private void found(int phrase, int start, int end) {
      this.phrase = phrase;
      this.start = start;
      this.end = end;
    }

    private void undecided(int from) {
      this.phrase = -1;
      this.start = from;
      this.end = from;
    }

    /** The number {@link Builder#add} gave, or -1 where no phrase was found. */
    public int phrase() {
      return phrase;
    }

    /**
     * Where the phrase begins; where none was found, from where on the text is not decided yet (its
     * length: all is).
     */
    public int start() {
      return start;
    }

    public int end() {
      return end;
    }
  }

  /** Gathers phrases. Used by one thread. */
  public static final class Builder {
    private char[] labels = new char[64];
    private int[] firstChildren = new int[64];
    private int[] siblings = new int[64];
    private int[] phraseAt = new int[64];
    private boolean[] leadsInsideWords = new boolean[64];
    private int nodes = 1;
    private boolean[] bounded = new boolean[8];
    private int phrases;

    /**
     * Adds a phrase; of one added twice, the first stays.
     *
     * @param onlyBounded whether it is to be found only where no word or number goes on
     * @return its number: 0, 1, 2 ...
     * @throws IllegalArgumentException if it is empty or longer than {@link #PHRASE_CHARS_MAX}
     */
    public int add(String phrase, boolean onlyBounded) {
      if (phrase.isEmpty() || phrase.length() > PHRASE_CHARS_MAX) {
        throw new IllegalArgumentException("a phrase of " + phrase.length() + " characters");
      }
      int node = ROOT;
      for (int i = 0; i < phrase.length(); i++) {
        node = childOrNew(node, phrase.charAt(i));
        leadsInsideWords[node] |= !onlyBounded;
      }
      if (phrases == bounded.length) {
        bounded = Arrays.copyOf(bounded, phrases * 2);
      }
      bounded[phrases] = onlyBounded;
      phrases++;
      if (phraseAt[node] == 0) {
        phraseAt[node] = phrases;
      }
      return phrases - 1;
    }

    private int childOrNew(int node, char c) {
      int child = firstChildren[node];
      while (child != NONE) {
        if (labels[child] == c) {
          return child;
        }
        child = siblings[child];
      }
      if (nodes == labels.length) {
        labels = Arrays.copyOf(labels, nodes * 2);
        firstChildren = Arrays.copyOf(firstChildren, nodes * 2);
        siblings = Arrays.copyOf(siblings, nodes * 2);
        phraseAt = Arrays.copyOf(phraseAt, nodes * 2);
        leadsInsideWords = Arrays.copyOf(leadsInsideWords, nodes * 2);
      }
      labels[nodes] = c;
      siblings[nodes] = firstChildren[node];
      firstChildren[node] = nodes;
      return nodes++;
    }

    public PhraseSet build() {
      return new PhraseSet(this);
    }
  }
}
