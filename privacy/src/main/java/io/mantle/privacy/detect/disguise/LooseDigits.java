package io.mantle.privacy.detect.disguise;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;

/** Numbers whose digits stand apart, 4 1 1 1, or are letters that look like them: 4l11. */
final class LooseDigits {
  private static final int SINGLE_DIGITS_MIN = 8;

  private LooseDigits() {}

  static boolean isIn(Passage passage) {
    return hasSingleDigits(passage) || hasLetterDigits(passage);
  }

  /** Digits one by one, as in 4 1 1 1: many groups of one. */
  private static boolean hasSingleDigits(Passage passage) {
    int singles = 0;
    for (int run = 0; run < passage.digitRuns(); run++) {
      boolean joined = run > 0 && passage.gapLength(run - 1) <= 3;
      singles = passage.runLength(run) > 1 ? 0 : joined ? singles + 1 : 1;
      if (singles >= SINGLE_DIGITS_MIN) {
        return true;
      }
    }
    return false;
  }

  /** A letter for a digit: 4l11, 536-9O-4399. */
  private static boolean hasLetterDigits(Passage passage) {
    for (int run = 0; run < passage.digitRuns(); run++) {
      if (isDigitLetter(passage.at(passage.runEnd(run)))
          || isDigitLetter(passage.at(passage.runStart(run) - 1))) {
        return true;
      }
    }
    return false;
  }

  static boolean isDigitLetter(char c) {
    return c == 'O' || c == 'o' || c == 'l' || c == 'I';
  }

  /** Letters for digits become digits, and the blanks between single digits go. */
  static void join(MappedText text) {
    for (int i = 0; i < text.length(); i++) {
      if (isDigitLetter(text.at(i)) && isBesideDigits(text, i)) {
        text.set(i, text.at(i) == 'O' || text.at(i) == 'o' ? '0' : '1');
      }
    }
    int kept = 0;
    int i = 0;
    while (i < text.length()) {
      int end = singlesEnd(text, i);
      for (int from = i; from < end; from++) {
        if (CharClass.isDigit(text.at(from)) || end == i + 1) {
          text.move(from, kept++);
        }
      }
      i = end;
    }
    text.truncate(kept);
  }

  private static boolean isBesideDigits(MappedText text, int i) {
    boolean before = i > 0 && CharClass.isDigit(text.at(i - 1));
    boolean after = i + 1 < text.length() && CharClass.isDigit(text.at(i + 1));
    boolean closed = i + 1 == text.length() || !CharClass.isWord(text.at(i + 1));
    boolean opened = i == 0 || !CharClass.isWord(text.at(i - 1));
    return (before && (after || closed)) || (after && opened);
  }

  /** The end of many single digits that begin at {@code start}; {@code start + 1} if none do. */
  private static int singlesEnd(MappedText text, int start) {
    boolean begins =
        CharClass.isDigit(text.at(start)) && (start == 0 || !CharClass.isWord(text.at(start - 1)));
    if (!begins) {
      return start + 1;
    }
    int digits = 0;
    int end = start;
    int at = start;
    while (at < text.length()
        && CharClass.isDigit(text.at(at))
        && (at + 1 == text.length() || !CharClass.isWord(text.at(at + 1)))) {
      digits++;
      end = at + 1;
      at = end;
      while (at < text.length() && at - end < 3 && isBetweenDigits(text.at(at))) {
        at++;
      }
      if (at == end) {
        break;
      }
    }
    return digits >= SINGLE_DIGITS_MIN ? end : start + 1;
  }

  private static boolean isBetweenDigits(char c) {
    return CharClass.isBlank(c) || c == '-' || c == '.' || c == '_';
  }
}
