package io.mantle.privacy.detect.names;

/** How a token is written. */
enum Shape {
  LOWER("a"),
  /** A capital and small letters. */
  TITLE("A"),
  /** One capital alone: an initial, or the first word of a sentence. */
  CAPITAL("C"),
  UPPER("U"),
  /** Capitals among small letters, as in identifiers and in McDonald. */
  MIXED("M"),
  /** Letters of a script without case. */
  UNCASED("X"),
  DIGITS("0"),
  MARK("."),
  LINE_END("/");

  private final String code;

  Shape(String code) {
    this.code = code;
  }

  String code() {
    return code;
  }

  boolean isWord() {
    return switch (this) {
      case LOWER, TITLE, CAPITAL, UPPER, MIXED, UNCASED -> true;
      case DIGITS, MARK, LINE_END -> false;
    };
  }

  boolean hasCapital() {
    return switch (this) {
      case TITLE, CAPITAL, UPPER, MIXED, UNCASED -> true;
      case LOWER, DIGITS, MARK, LINE_END -> false;
    };
  }

  /**
   * What stands for the token among the words: digits by their count, so that numbers are alike.
   */
  String written(String token) {
    return this == DIGITS ? "#" + Math.min(token.length(), 9) : token;
  }

  static Shape of(String token) {
    int first = token.codePointAt(0);
    if (!Character.isLetter(first)) {
      return first == '\n' ? LINE_END : Character.isDigit(first) ? DIGITS : MARK;
    }
    int capitals = 0;
    int smalls = 0;
    for (int at = 0; at < token.length(); ) {
      int code = token.codePointAt(at);
      if (Character.isUpperCase(code) || Character.isTitleCase(code)) {
        capitals++;
      } else if (Character.isLowerCase(code)) {
        smalls++;
      }
      at += Character.charCount(code);
    }
    if (capitals == 0) {
      return smalls == 0 ? UNCASED : LOWER;
    }
    if (smalls == 0) {
      return capitals == 1 ? CAPITAL : UPPER;
    }
    return capitals == 1 && Character.isUpperCase(first) ? TITLE : MIXED;
  }
}
