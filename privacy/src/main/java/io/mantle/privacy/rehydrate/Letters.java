package io.mantle.privacy.rehydrate;

import java.text.Normalizer;

/** Characters as a reader takes them: without case and accents; and what may come between them. */
final class Letters {
  /** White space of any kind on one line. */
  static final int SPACE = 1;

  /** The end of a line. */
  static final int LINE = 1 << 1;

  /** Hyphens and dashes. */
  static final int DASH = 1 << 2;

  /** What groups numbers, and what stands after initials and between surname and first name. */
  static final int STOP = 1 << 3;

  /** Markdown's marks, quotes, a backslash. */
  static final int MARK = 1 << 4;

  /** What is not seen: soft hyphens, joiners, accents that stand by themselves. */
  static final int SOFT = 1 << 5;

  private static final char[] FOLDED = new char[0x250];
  private static final byte[] GAPS = new byte[128];

  static {
    for (char c = 0; c < FOLDED.length; c++) {
      FOLDED[c] = computeFold(c);
    }
    gaps(" \t", SPACE);
    gaps("\n\r", LINE);
    gaps("-", DASH);
    gaps(".,/():;+", STOP);
    gaps("*_`~\"'\\[]", MARK);
  }

  private Letters() {}

  private static void gaps(String chars, int gap) {
    for (int i = 0; i < chars.length(); i++) {
      GAPS[chars.charAt(i)] = (byte) gap;
    }
  }

  /** Lower case, without accents; dashes as hyphens; digits of any script as ASCII's. */
  static char fold(char c) {
    return c < FOLDED.length ? FOLDED[c] : computeFold(c);
  }

  private static char computeFold(char c) {
    int digit = Character.digit(c, 10);
    if (digit >= 0) {
      return (char) ('0' + digit);
    }
    char stroked = withoutStroke(c);
    if (stroked != c) {
      return stroked;
    }
    if (c < 128) {
      return Character.toLowerCase(c);
    }
    if (gap(c) == DASH) {
      return '-';
    }
    if (!Character.isLetter(c)) {
      return c;
    }
    // Hangul takes apart into three letters, none of which says it alone.
    boolean composed = c < 0x2000 || (c >= 0xFF00 && !Character.isSurrogate(c));
    char base =
        composed ? Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFKD).charAt(0) : c;
    return Character.toLowerCase(base);
  }

  /** Letters whose stroke or missing dot Unicode does not take apart. */
  private static char withoutStroke(char c) {
    return switch (c) {
      case '\u00F8', '\u00D8' -> 'o';
      case '\u0142', '\u0141' -> 'l';
      case '\u0111', '\u0110' -> 'd';
      case '\u0131', '\u0130' -> 'i';
      default -> c;
    };
  }

  static boolean isLetterOrDigit(char c) {
    return c < 128
        ? (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
        : Character.isLetterOrDigit(c) || Character.isSurrogate(c);
  }

  /** Which of the gaps it may be part of; 0 for what is none. */
  static int gap(char c) {
    if (c < 128) {
      return GAPS[c];
    }
    return switch (c) {
      case '\u00AD', '\u200B', '\u200C', '\u200D', '\u2060', '\uFEFF' -> SOFT;
      case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212' -> DASH;
      case '\u2018', '\u2019', '\u201C', '\u201D', '\u201E', '\u00AB', '\u00BB' -> MARK;
      case '\u2028', '\u2029', '\u0085' -> LINE;
      default ->
          Character.isSpaceChar(c)
              ? SPACE
              : Character.getType(c) == Character.NON_SPACING_MARK ? SOFT : 0;
    };
  }
}
