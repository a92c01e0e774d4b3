package io.mantle.privacy.detect.passage;

/** Which characters belong to what: the few classes that all recognizers share. */
public final class CharClass {
  private static final boolean[] ASCII_WORD = asciiWord();

  private CharClass() {}

  private static boolean[] asciiWord() {
    boolean[] word = new boolean[128];
    for (char c = 0; c < word.length; c++) {
      word[c] = isAsciiAlnum(c) || c == '_';
    }
    return word;
  }

  public static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  public static boolean isAsciiLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  public static boolean isAsciiAlnum(char c) {
    return isDigit(c) || isAsciiLetter(c);
  }

  public static boolean isHex(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  /** A letter, digit or mark of any script, or an underscore: what an identifier is made of. */
  public static boolean isWord(char c) {
    if (c < 128) {
      return ASCII_WORD[c];
    }
    return Character.isLetterOrDigit(c) || isMark(c);
  }

  /**
   * Whether {@code c} continues a word written in letters and digits of scripts that put blanks
   * between words. Chinese, Japanese, Korean and Thai write a number right beside its name.
   */
  public static boolean isJoined(char c) {
    return isWord(c) && (c < 0xe00 || !isScriptWithoutBlanks(c));
  }

  private static boolean isScriptWithoutBlanks(char c) {
    return c <= 0xeff
        || (c >= 0x1100 && c <= 0x11ff)
        || (c >= 0x2e80 && c <= 0x9fff)
        || (c >= 0xac00 && c <= 0xd7af);
  }

  public static boolean isMark(char c) {
    if (c < 0x300) {
      return false;
    }
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  public static boolean isQuote(char c) {
    return switch (c) {
      case '"', '\'', '`', '\u201c', '\u201d', '\u2018', '\u2019', '\u00ab', '\u00bb' -> true;
      default -> false;
    };
  }

  /** A blank that stays on its line. */
  public static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\u00a0' || c == '\u202f';
  }
}
