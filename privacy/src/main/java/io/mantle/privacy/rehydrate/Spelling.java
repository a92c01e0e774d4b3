package io.mantle.privacy.rehydrate;

import io.mantle.privacy.value.Alias.Writing;
import java.util.Arrays;

/**
 * A text by the characters that count in it: each folded, as it is, and where it stands. What is
 * between two of them is a gap. Immutable once built.
 */
final class Spelling {
  private final String text;
  private char[] folded = new char[16];
  private char[] raw = new char[16];
  private int[] starts = new int[16];
  private int count;

  private Spelling(String text) {
    this.text = text;
  }

  /**
   * Reads {@code text}.
   *
   * @param transliterated whether German's umlauts count as the two letters that stand in for them
   */
  static Spelling of(String text, Writing writing, boolean transliterated) {
    Spelling spelling = new Spelling(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean counts = writing == Writing.LITERAL || Letters.isLetterOrDigit(c);
      if (counts && Letters.gap(c) != Letters.SOFT) {
        spelling.add(c, Letters.fold(c), i);
        char second = second(c, transliterated);
        if (second != 0) {
          spelling.add(c, second, i);
        }
      }
    }
    return spelling;
  }

  /** The second letter of what two letters stand in for, or 0. */
  static char second(char c, boolean transliterated) {
    return switch (c) {
      case '\u00DF' -> 's';
      case '\u00E6', '\u00C6', '\u0153', '\u0152' -> 'e';
      case '\u00E4', '\u00F6', '\u00FC', '\u00C4', '\u00D6', '\u00DC' -> transliterated ? 'e' : 0;
      default -> 0;
    };
  }

  static boolean hasUmlaut(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (second(text.charAt(i), true) == 'e') {
        return true;
      }
    }
    return false;
  }

  private void add(char c, char fold, int at) {
    if (count == folded.length) {
      folded = Arrays.copyOf(folded, 2 * count);
      raw = Arrays.copyOf(raw, 2 * count);
      starts = Arrays.copyOf(starts, 2 * count);
    }
    folded[count] = count > 0 && starts[count - 1] == at ? fold : first(c, fold);
    raw[count] = c;
    starts[count] = at;
    count++;
  }

  private static char first(char c, char fold) {
    return switch (c) {
      case '\u00DF' -> 's';
      case '\u00E6', '\u00C6' -> 'a';
      case '\u0153', '\u0152' -> 'o';
      default -> fold;
    };
  }

  String text() {
    return text;
  }

  int count() {
    return count;
  }

  char folded(int index) {
    return folded[index];
  }

  char raw(int index) {
    return raw[index];
  }

  int start(int index) {
    return starts[index];
  }

  /** Whether {@code index} is the second letter for the same character. */
  boolean continues(int index) {
    return index > 0 && starts[index] == starts[index - 1];
  }

  /** What stands between the character before {@code index} and it. */
  String gapBefore(int index) {
    return index == 0 || continues(index)
        ? ""
        : text.substring(Math.min(starts[index - 1] + 1, starts[index]), starts[index]);
  }

  /** Whether a word begins at {@code index}: the first, or one after white space. */
  boolean beginsWord(int index) {
    if (index == 0) {
      return true;
    }
    String gap = gapBefore(index);
    for (int i = 0; i < gap.length(); i++) {
      if ((Letters.gap(gap.charAt(i)) & (Letters.SPACE | Letters.LINE)) != 0) {
        return true;
      }
    }
    return false;
  }

  int words() {
    int words = 0;
    for (int i = 0; i < count; i++) {
      words += beginsWord(i) ? 1 : 0;
    }
    return words;
  }

  /** From the first character that counts to the last. */
  String trimmed() {
    return count == 0 ? "" : text.substring(starts[0], starts[count - 1] + 1);
  }

  boolean isTrimmed() {
    return count > 0 && starts[0] == 0 && starts[count - 1] == text.length() - 1;
  }

  /** From one index to another, exclusive. */
  String slice(int from, int to) {
    return text.substring(starts[from], starts[to - 1] + 1);
  }
}
