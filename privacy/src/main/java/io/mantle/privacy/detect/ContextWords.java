package io.mantle.privacy.detect;

import java.util.Locale;
import java.util.Set;

/** Looks for words that say what the thing next to them is. */
final class ContextWords {
  private static final int BACK_CHARS_MAX = 40;
  private static final int WORDS_MAX = 5;

  private ContextWords() {}

  /** Whether the last word before {@code start} is one of {@code words} (lower case). */
  static boolean lastBefore(Passage passage, int start, Set<String> words) {
    return within(passage, start, words, 1);
  }

  /** Whether one of the last two words before {@code start} is one of {@code words}. */
  static boolean justBefore(Passage passage, int start, Set<String> words) {
    return within(passage, start, words, 2);
  }

  /**
   * Whether one of the last five words before {@code start}, not further away than 40 characters
   * and with no digit between, is one of {@code words} (lower case).
   */
  static boolean before(Passage passage, int start, Set<String> words) {
    return within(passage, start, words, WORDS_MAX);
  }

  private static boolean within(Passage passage, int start, Set<String> words, int wordsMax) {
    int low = Math.max(0, start - BACK_CHARS_MAX);
    int at = start;
    for (int word = 0; word < wordsMax; word++) {
      while (at > low && !CharClass.isWord(passage.at(at - 1))) {
        at--;
      }
      int end = at;
      while (at > low && CharClass.isWord(passage.at(at - 1))) {
        if (CharClass.isDigit(passage.at(at - 1))) {
          return false;
        }
        at--;
      }
      if (at == end) {
        return false;
      }
      // A word cut by the window is not looked at: its beginning is unknown.
      boolean whole = at > low || low == 0 || !CharClass.isWord(passage.at(low - 1));
      if (whole && words.contains(lower(passage, at, end))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether one of the first five words behind {@code end}, in the same sentence and not further
   * away than 40 characters, is one of {@code words} (lower case).
   */
  static boolean soonAfter(Passage passage, int end, Set<String> words) {
    int high = Math.min(passage.length(), end + BACK_CHARS_MAX);
    int at = end;
    for (int word = 0; word < WORDS_MAX; word++) {
      while (at < high && !CharClass.isWord(passage.at(at))) {
        if (passage.at(at) == '.' || passage.at(at) == '\n' || passage.at(at) == ',') {
          return false;
        }
        at++;
      }
      int start = at;
      while (at < high && CharClass.isWord(passage.at(at))) {
        at++;
      }
      if (at == start || !passage.endsWord(at)) {
        return false;
      }
      if (words.contains(lower(passage, start, at))) {
        return true;
      }
    }
    return false;
  }

  /** Whether the word at {@code end}, after at most two other characters, is in {@code words}. */
  static boolean after(Passage passage, int end, Set<String> words) {
    int at = end;
    while (at < end + 2 && at < passage.length() && !CharClass.isWord(passage.at(at))) {
      at++;
    }
    int stop = at;
    while (stop < at + 12 && CharClass.isWord(passage.at(stop))) {
      stop++;
    }
    return stop > at && words.contains(lower(passage, at, stop));
  }

  private static String lower(Passage passage, int start, int end) {
    return passage.text().substring(start, end).toLowerCase(Locale.ROOT);
  }
}
