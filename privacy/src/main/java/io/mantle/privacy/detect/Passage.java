package io.mantle.privacy.detect;

import java.util.Arrays;

/**
 * A text with what one pass over it learned: which marks it holds, and where its runs of digits
 * are. Recognizers read it instead of scanning for their anchors again.
 *
 * <p>Immutable after construction; lives for one call of the detector.
 */
final class Passage {
  /** What stands outside the text; no recognizer takes it for a part of anything. */
  static final char OUTSIDE = '\0';

  private final String text;
  private final boolean hasColon;
  private final boolean hasAt;
  private final boolean hasHyphen;
  private final boolean hasLetter;
  private final boolean hasEscape;
  private final boolean hasNonAscii;
  private int[] runStarts = new int[16];
  private int[] runEnds = new int[16];
  private int runs;

  Passage(String text) {
    this.text = text;
    boolean colon = false;
    boolean at = false;
    boolean hyphen = false;
    boolean letter = false;
    boolean escape = false;
    boolean nonAscii = false;
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (CharClass.isDigit(c)) {
        int start = i;
        do {
          i++;
        } while (i < length && CharClass.isDigit(text.charAt(i)));
        addRun(start, i);
        i--;
      } else if (c == ':') {
        colon = true;
      } else if (c == '@') {
        at = true;
      } else if (c == '-') {
        hyphen = true;
      } else if (c >= 'A') {
        letter = true;
        escape |= c == '\\';
        nonAscii |= c >= 128;
      } else if (c == '&' || c == '%') {
        escape = true;
      }
    }
    hasColon = colon;
    hasAt = at;
    hasHyphen = hyphen;
    hasLetter = letter;
    hasEscape = escape;
    hasNonAscii = nonAscii;
  }

  private void addRun(int start, int end) {
    if (runs == runStarts.length) {
      runStarts = Arrays.copyOf(runStarts, runs * 2);
      runEnds = Arrays.copyOf(runEnds, runs * 2);
    }
    runStarts[runs] = start;
    runEnds[runs++] = end;
  }

  String text() {
    return text;
  }

  int length() {
    return text.length();
  }

  /** The UTF-16 unit at {@code index}, {@link #OUTSIDE} where there is none. */
  char at(int index) {
    return index >= 0 && index < text.length() ? text.charAt(index) : OUTSIDE;
  }

  boolean hasColon() {
    return hasColon;
  }

  boolean hasAt() {
    return hasAt;
  }

  boolean hasHyphen() {
    return hasHyphen;
  }

  /** Whether there is anything that could be a letter. */
  boolean hasLetter() {
    return hasLetter;
  }

  /** Whether there is a mark that entities, percent-encoding or escapes begin with. */
  boolean hasEscape() {
    return hasEscape;
  }

  boolean hasNonAscii() {
    return hasNonAscii;
  }

  /** How many maximal runs of ASCII digits there are. */
  int digitRuns() {
    return runs;
  }

  int runStart(int run) {
    return runStarts[run];
  }

  int runEnd(int run) {
    return runEnds[run];
  }

  int runLength(int run) {
    return runEnds[run] - runStarts[run];
  }

  /** Characters between a run and the next one. */
  int gapLength(int run) {
    return runStarts[run + 1] - runEnds[run];
  }

  /** Whether a word could begin at {@code index}: nothing of a word stands before it. */
  boolean startsWord(int index) {
    return !CharClass.isJoined(at(index - 1));
  }

  /** Whether a word could end before {@code index}. */
  boolean endsWord(int index) {
    return !CharClass.isJoined(at(index));
  }

  /**
   * Whether a number could begin at {@code index}: it is not the rest of a word, of a decimal or of
   * a longer hyphenated number.
   */
  boolean startsNumber(int index) {
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
  boolean endsWholeNumber(int index) {
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
  boolean endsNumber(int index) {
    char after = at(index);
    if (after == '-' || after == '.') {
      return !CharClass.isDigit(at(index + 1));
    }
    return !CharClass.isJoined(after);
  }
}
