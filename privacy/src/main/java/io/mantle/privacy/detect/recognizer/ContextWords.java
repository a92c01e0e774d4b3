package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import java.util.Locale;
import java.util.Set;

/**
 * The words before a place, which say what the thing there is: the last five, not further away than
 * 40 characters and with no number between.
 */
final class ContextWords {
  private static final int BACK_CHARS_MAX = 40;
  private static final int WORDS_MAX = 5;
  private static final int JOINT_CHARS_MAX = 8;
  private static final int JOINT_LETTERS_MAX = 4;

  private final String[] words;
  private final int count;

  private ContextWords(String[] words, int count) {
    this.words = words;
    this.count = count;
  }

  /** The words before {@code start}, to be asked for many things. */
  static ContextWords before(Passage passage, int start) {
    String[] words = new String[WORDS_MAX];
    return new ContextWords(words, collect(passage, start, words));
  }

  int count() {
    return count;
  }

  /** The {@code index}th word before the place, in lower case; 0 is the nearest. */
  String word(int index) {
    return words[index];
  }

  /** Whether one of the words is one of {@code any} (lower case). */
  boolean holdsAnyOf(Set<String> any) {
    for (int i = 0; i < count; i++) {
      if (any.contains(words[i])) {
        return true;
      }
    }
    return false;
  }

  /** Whether between two numbers stands what joins those of a list: marks, and a short word. */
  static boolean continuesList(Passage passage, int end, int start) {
    if (start - end > JOINT_CHARS_MAX) {
      return false;
    }
    int letters = 0;
    for (int i = end; i < start; i++) {
      char c = passage.at(i);
      if (Character.isLetter(c)) {
        letters++;
      } else if (" ,;/&+|\t\n\r".indexOf(c) < 0) {
        return false;
      }
    }
    return letters <= JOINT_LETTERS_MAX;
  }

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

  private static boolean within(Passage passage, int start, Set<String> any, int wordsMax) {
    String[] words = new String[wordsMax];
    return new ContextWords(words, collect(passage, start, words)).holdsAnyOf(any);
  }

  private static int collect(Passage passage, int start, String[] words) {
    int low = Math.max(0, start - BACK_CHARS_MAX);
    int at = start;
    int count = 0;
    while (count < words.length) {
      while (at > low && !CharClass.isWord(passage.at(at - 1))) {
        at--;
      }
      int end = at;
      int digits = 0;
      while (at > low && CharClass.isWord(passage.at(at - 1))) {
        at--;
        digits += CharClass.isDigit(passage.at(at)) ? 1 : 0;
      }
      // "CVV2" is a word, "12" is a number.
      if (digits > 1 || (digits > 0 && digits == end - at)) {
        return count;
      }
      // A word cut by the window is not looked at: its beginning is unknown.
      boolean cut = at == low && low > 0 && CharClass.isWord(passage.at(low - 1));
      if (at == end || cut) {
        return count;
      }
      words[count++] = lower(passage, at, end);
    }
    return count;
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
