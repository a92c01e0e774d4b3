package io.mantle.privacy.detect.custom;

import java.util.Arrays;

/**
 * A text as phrases are compared: without case, with one space for each run of white space, with
 * plain apostrophes and hyphens. Each character knows where in the original it stands.
 */
final class FoldedText {
  private final String text;
  private final int[] starts;

  private FoldedText(String text, int[] starts) {
    this.text = text;
    this.starts = starts;
  }

  static FoldedText of(String original) {
    int length = original.length();
    char[] chars = new char[length];
    int[] starts = new int[length + 1];
    int kept = 0;
    boolean blank = false;
    for (int i = 0; i < length; i++) {
      char c = original.charAt(i);
      boolean space = Character.isWhitespace(c) || Character.isSpaceChar(c);
      if (!space || !blank) {
        starts[kept] = i;
        chars[kept++] = space ? ' ' : fold(c);
      }
      blank = space;
    }
    starts[kept] = length;
    return new FoldedText(new String(chars, 0, kept), Arrays.copyOf(starts, kept + 1));
  }

  /** The folded form of what is only compared, without white space around it. */
  static String key(String original) {
    return of(original).text.strip();
  }

  private static char fold(char c) {
    if (c < 128) {
      return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
    }
    return switch (c) {
      case '\u2019', '\u2018', '\u02bc', '\u201b', '\u00b4' -> '\'';
      case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212' -> '-';
      default -> Character.toLowerCase(Character.toUpperCase(c));
    };
  }

  String text() {
    return text;
  }

  /** Where in the original the character at {@code index} begins; the length for the end. */
  int start(int index) {
    return starts[index];
  }

  /** Where in the original the character before {@code index} ends: before the next begins. */
  int end(int index) {
    // A run of white space ends where the next character begins; phrases never end in one.
    return starts[index - 1] + 1;
  }
}
