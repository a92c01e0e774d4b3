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
 * "Anna" in "Anna's", not in "Annabel". A plural or genitive {@code s} may follow.
 *
 * <p>Time: linear in the text, times the length of the partial matches. Memory: 12 bytes for each
 * character of the phrases, shared prefixes counted once. Immutable and safe for use by many
 * threads.
 */
public final class PhraseSet {
  /** Longer phrases are cut off by {@link Builder#add} with an error. */
  public static final int PHRASE_CHARS_MAX = 64 * 1024;

  private static final int ROOT = 0;
  private static final int NONE = 0; // no node links back to the root

  private final char[] labels;
  private final int[] firstChildren;
  private final int[] siblings;
  private final int[] phraseAt; // node -> phrase + 1, or 0
  private final boolean[] bounded;
  private final int[] asciiRoots = new int[128];
  private final boolean anyBeyondAscii;

  private PhraseSet(Builder builder) {
    int nodes = builder.nodes;
    labels = Arrays.copyOf(builder.labels, nodes);
    firstChildren = Arrays.copyOf(builder.firstChildren, nodes);
    siblings = Arrays.copyOf(builder.siblings, nodes);
    phraseAt = Arrays.copyOf(builder.phraseAt, nodes);
    bounded = Arrays.copyOf(builder.bounded, builder.phrases);
    boolean beyond = false;
    for (int child = firstChildren[ROOT]; child != NONE; child = siblings[child]) {
      if (labels[child] < 128) {
        asciiRoots[labels[child]] = child;
      } else {
        beyond = true;
      }
    }
    anyBeyondAscii = beyond;
  }

  public boolean isEmpty() {
    return bounded.length == 0;
  }

  /**
   * Finds the leftmost phrase that begins at {@code from} or later, and of those that begin there
   * the longest.
   *
   * @param text what is at hand
   * @param from where to begin
   * @param before what stands before the text
   * @param more whether more text may follow: then a phrase that could still begin, grow or turn
   *     out to be part of a word is not decided
   * @param hit receives the answer
   */
  public void find(CharSequence text, int from, Before before, boolean more, Hit hit) {
    int length = text.length();
    for (int start = from; start < length; start++) {
      char c = text.charAt(start);
      int node = c < 128 ? asciiRoots[c] : anyBeyondAscii ? child(ROOT, c) : NONE;
      if (node == NONE) {
        continue;
      }
      int found = -1;
      int foundEnd = 0;
      int at = start + 1;
      while (true) {
        int phrase = phraseAt[node] - 1;
        if (phrase >= 0) {
          Verdict verdict =
              bounded[phrase] ? verdict(text, start, at, before, more) : Verdict.STANDS;
          if (verdict == Verdict.OPEN) {
            hit.undecided(start);
            return;
          }
          if (verdict == Verdict.STANDS) {
            found = phrase;
            foundEnd = at;
          }
        }
        if (at == length) {
          if (more && firstChildren[node] != NONE) {
            hit.undecided(start);
            return;
          }
          break;
        }
        node = child(node, text.charAt(at));
        if (node == NONE) {
          break;
        }
        at++;
      }
      if (found >= 0) {
        hit.found(found, start, foundEnd);
        return;
      }
    }
    hit.undecided(length);
  }

  private int child(int node, char c) {
    int child = firstChildren[node];
    while (child != NONE && labels[child] != c) {
      child = siblings[child];
    }
    return child;
  }

  private enum Verdict {
    STANDS,
    FAILS,
    OPEN
  }

  private static Verdict verdict(
      CharSequence text, int start, int end, Before before, boolean more) {
    char first = text.charAt(start);
    if (before.joins(text, start, first)) {
      return Verdict.FAILS;
    }
    char last = text.charAt(end - 1);
    if (end == text.length()) {
      return more ? Verdict.OPEN : Verdict.STANDS;
    }
    char next = text.charAt(end);
    if (!join(last, next)) {
      return Verdict.STANDS;
    }
    if (next != 's' || !Character.isLetter(last)) {
      return Verdict.FAILS;
    }
    if (end + 1 == text.length()) {
      return more ? Verdict.OPEN : Verdict.STANDS;
    }
    return join(next, text.charAt(end + 1)) ? Verdict.FAILS : Verdict.STANDS;
  }

  /** Whether two neighbouring characters belong to one word or one number. */
  public static boolean join(char left, char right) {
    if (isDigit(left) && isDigit(right)) {
      return true;
    }
    return (Character.isLetter(left) && (isWord(right) || isMark(right)))
        || (Character.isLetter(right) && (isWord(left) || isMark(left)));
  }

  private static boolean isDigit(char c) {
    return Character.isDigit(c);
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c);
  }

  private static boolean isMark(char c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  /**
   * What stood before the text that is searched: as much of it as decides whether a word begins.
   */
  public static final class Before {
    private final boolean jsonEscapes;
    private char last;
    private char lastButOne;

    /**
     * Nothing yet.
     *
     * @param jsonEscapes whether the text is the source of a JSON text, where the {@code n} of a
     *     {@code \n} is no letter
     */
    public Before(boolean jsonEscapes) {
      this.jsonEscapes = jsonEscapes;
    }

    /** Takes note that {@code [0, end)} of {@code text} has gone by. */
    public void passed(CharSequence text, int end) {
      if (end >= 2) {
        lastButOne = text.charAt(end - 2);
        last = text.charAt(end - 1);
      } else if (end == 1) {
        lastButOne = last;
        last = text.charAt(0);
      }
    }

    private boolean joins(CharSequence text, int start, char first) {
      char left = start >= 1 ? text.charAt(start - 1) : last;
      if (left == 0 || !join(left, first)) {
        return false;
      }
      char beforeLeft = start >= 2 ? text.charAt(start - 2) : start == 1 ? last : lastButOne;
      return !(jsonEscapes && beforeLeft == '\\' && "nrtbf".indexOf(left) >= 0);
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
