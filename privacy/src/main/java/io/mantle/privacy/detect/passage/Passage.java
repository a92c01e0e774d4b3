package io.mantle.privacy.detect.passage;

import java.util.Arrays;

/**
 * A text with what one pass over it learned: which marks it holds, where its words are and where
 * its runs of digits. Recognizers read it instead of scanning for their anchors again.
 *
 * <p>Immutable after construction; lives for one call of the detector.
 */
public final class Passage {
  /** What stands outside the text; no recognizer takes it for a part of anything. */
  public static final char OUTSIDE = '\0';

  private static final int DIGIT = 1;
  private static final int COLON = 2;
  private static final int AT = 4;
  private static final int HYPHEN = 8;
  private static final int LETTER = 16;
  private static final int ESCAPE = 32;
  private static final int NON_ASCII = 64;
  private static final int SLASH = 128;
  private static final int WORD = 256;
  private static final int[] MARKS = marks();

  private final String text;
  private final int marks;
  private int[] runStarts = new int[16];
  private int[] runEnds = new int[16];
  private int runs;
  private int[] wordStarts = new int[64];
  private int[] wordEnds = new int[64];
  private int words;

  public Passage(String text) {
    this.text = text;
    int seen = 0;
    int length = text.length();
    int wordStart = -1;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      int mark = c < 128 ? MARKS[c] : foreignMark(c);
      seen |= mark;
      if ((mark & WORD) == 0) {
        if (wordStart >= 0) {
          addWord(wordStart, i);
          wordStart = -1;
        }
        continue;
      }
      if (wordStart < 0) {
        wordStart = i;
      }
      if ((mark & DIGIT) != 0) {
        int start = i;
        do {
          i++;
        } while (i < length && CharClass.isDigit(text.charAt(i)));
        addRun(start, i);
        i--;
      }
    }
    if (wordStart >= 0) {
      addWord(wordStart, length);
    }
    marks = seen;
  }

  /** What each character of ASCII is a sign of; a look at a table costs less than the questions. */
  private static int[] marks() {
    int[] marks = new int[128];
    for (char c = 0; c < marks.length; c++) {
      marks[c] |= c >= 'A' ? LETTER : 0;
      marks[c] |= CharClass.isDigit(c) ? DIGIT : 0;
      marks[c] |= CharClass.isWord(c) ? WORD : 0;
    }
    marks[':'] = COLON;
    marks['@'] = AT;
    marks['-'] = HYPHEN;
    marks['/'] = SLASH;
    marks['\\'] |= ESCAPE;
    marks['&'] = ESCAPE;
    marks['%'] = ESCAPE;
    return marks;
  }

  private static int foreignMark(char c) {
    return LETTER | NON_ASCII | (CharClass.isWord(c) ? WORD : 0);
  }

  private boolean has(int mark) {
    return (marks & mark) != 0;
  }

  private void addRun(int start, int end) {
    if (runs == runStarts.length) {
      runStarts = Arrays.copyOf(runStarts, runs * 2);
      runEnds = Arrays.copyOf(runEnds, runs * 2);
    }
    runStarts[runs] = start;
    runEnds[runs++] = end;
  }

  private void addWord(int start, int end) {
    if (words == wordStarts.length) {
      wordStarts = Arrays.copyOf(wordStarts, words * 2);
      wordEnds = Arrays.copyOf(wordEnds, words * 2);
    }
    wordStarts[words] = start;
    wordEnds[words++] = end;
  }

  public String text() {
    return text;
  }

  public int length() {
    return text.length();
  }

  /** The UTF-16 unit at {@code index}, {@link #OUTSIDE} where there is none. */
  public char at(int index) {
    return index >= 0 && index < text.length() ? text.charAt(index) : OUTSIDE;
  }

  public boolean hasColon() {
    return has(COLON);
  }

  public boolean hasAt() {
    return has(AT);
  }

  public boolean hasHyphen() {
    return has(HYPHEN);
  }

  /** Whether there is anything that could be a letter. */
  public boolean hasLetter() {
    return has(LETTER);
  }

  /** Whether there is a mark that entities, percent-encoding or escapes begin with. */
  public boolean hasEscape() {
    return has(ESCAPE);
  }

  public boolean hasNonAscii() {
    return has(NON_ASCII);
  }

  public boolean hasSlash() {
    return has(SLASH);
  }

  /** How many maximal runs of {@linkplain CharClass#isWord word characters} there are. */
  public int words() {
    return words;
  }

  public int wordStart(int word) {
    return wordStarts[word];
  }

  public int wordEnd(int word) {
    return wordEnds[word];
  }

  /** How many maximal runs of ASCII digits there are. */
  public int digitRuns() {
    return runs;
  }

  public int runStart(int run) {
    return runStarts[run];
  }

  public int runEnd(int run) {
    return runEnds[run];
  }

  public int runLength(int run) {
    return runEnds[run] - runStarts[run];
  }

  /** Characters between a run and the next one. */
  public int gapLength(int run) {
    return runStarts[run + 1] - runEnds[run];
  }

  /** Whether a word could begin at {@code index}: nothing of a word stands before it. */
  public boolean startsWord(int index) {
    return !CharClass.isJoined(at(index - 1));
  }

  /** Whether a word could end before {@code index}. */
  public boolean endsWord(int index) {
    return !CharClass.isJoined(at(index));
  }

  /**
   * Whether a number could begin at {@code index}: it is not the rest of a word, of a decimal or of
   * a longer hyphenated number.
   */
  public boolean startsNumber(int index) {
    char before = at(index - 1);
    if (before == '-' || before == '.') {
      return !CharClass.isDigit(at(index - 2));
    }
    return !CharClass.isJoined(before);
  }

  /**
   * Whether a whole number could end before {@code index}, be it spelled as JSON may spell it:
   * {@code 12.0}, {@code 12e0}.
   */
  public boolean endsWholeNumber(int index) {
    int at = index;
    if (at(at) == '.' && at(at + 1) == '0') {
      at++;
      while (at(at) == '0') {
        at++;
      }
    }
    if (at(at) == 'e' || at(at) == 'E') {
      int exponent = at(at + 1) == '+' || at(at + 1) == '-' ? at + 2 : at + 1;
      if (at(exponent) == '0') {
        at = exponent;
        while (at(at) == '0') {
          at++;
        }
      }
    }
    return endsNumber(at);
  }

  /** Whether a number could end before {@code index}. */
  public boolean endsNumber(int index) {
    char after = at(index);
    if (after == '-' || after == '.') {
      return !CharClass.isDigit(at(index + 1));
    }
    return !CharClass.isJoined(after);
  }
}
