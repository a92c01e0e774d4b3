package io.mantle.privacy.rehydrate;

/** What ends a link. */
enum LinkEnding {
  /** Of a link that stands in prose: white space, an angle bracket or a quote. */
  PROSE,
  /** Of an address in Markdown: quotes, brackets and other spaces are part of it. */
  BLANK,
  /** Of an attribute without quotes. */
  BLANK_OR_ANGLE,
  ANGLE,
  QUOTE,
  APOSTROPHE,
  /** Of an attribute, which may go over lines. */
  QUOTE_OF_ATTRIBUTE,
  APOSTROPHE_OF_ATTRIBUTE;

  private static final int SCHEME_CHARS_MAX = 20;

  /** Of the longest scheme of the web. */
  private static final int WEB_SCHEME_CHARS_MAX = 5;

  /** What ends the link of which a scheme or slash has been seen. */
  static LinkEnding of(SeenText seen) {
    int back = 1;
    while (isOfOpening(seen.before(back))
        || (isDropped(seen.before(back)) && isOfOpening(seen.before(back + 1)))) {
      back++;
    }
    int broken = back;
    for (int i = 0; i < SCHEME_CHARS_MAX && isOfScheme(seen.before(back)); i++) {
      back++;
    }
    // In an attribute a browser reads no line breaks, so a scheme may go over lines.
    int letters = 0;
    while (isDropped(seen.before(broken))
        || (letters < WEB_SCHEME_CHARS_MAX && isOfScheme(seen.before(broken)))) {
      letters += isDropped(seen.before(broken)) ? 0 : 1;
      broken++;
    }
    LinkEnding ofAttribute = at(seen, broken);
    return switch (ofAttribute) {
      case QUOTE_OF_ATTRIBUTE, APOSTROPHE_OF_ATTRIBUTE -> ofAttribute;
      case PROSE, BLANK, BLANK_OR_ANGLE, ANGLE, QUOTE, APOSTROPHE -> at(seen, back);
    };
  }

  private static LinkEnding at(SeenText seen, int back) {
    char direct = seen.before(back);
    int opener = SeenText.isWhite(direct) ? back + 1 : back;
    char c = seen.before(opener);
    if (isQuoteOfAttribute(seen, opener)) {
      return c == '"' ? QUOTE_OF_ATTRIBUTE : APOSTROPHE_OF_ATTRIBUTE;
    }
    if (c == '(' || (c == ':' && seen.before(opener + 1) == ']')) {
      return BLANK;
    }
    if (c == '=') {
      return BLANK_OR_ANGLE;
    }
    return switch (direct) {
      case '"' -> QUOTE;
      case '\'' -> APOSTROPHE;
      case '<' -> ANGLE;
      default -> PROSE;
    };
  }

  /** Whether a quote stands there, and an equals sign before it; or that is not known any more. */
  static boolean isQuoteOfAttribute(SeenText seen, int back) {
    char quote = seen.before(back);
    if (quote != '"' && quote != '\'') {
      return false;
    }
    int before = back + 1;
    while (SeenText.isWhite(seen.before(before)) || seen.before(before) == '\\') {
      before++;
    }
    return seen.before(before) == '=' || seen.hasForgotten(before);
  }

  private static boolean isOfOpening(char c) {
    return c == '/' || c == '\\' || c == ':';
  }

  private static boolean isOfScheme(char c) {
    return Letters.isLetterOrDigit(c) || c == ':' || c == '+' || c == '-';
  }

  /** Whether a browser reads an address as if it were not there. */
  static boolean isDropped(char c) {
    return c == '\t' || c == '\n' || c == '\r';
  }

  /** Whether this character does. */
  boolean isEnd(char c) {
    boolean line = c == '\n' || c == '\r';
    return switch (this) {
      case PROSE -> SeenText.isWhite(c) || c == '<' || c == '>' || c == '"' || c == '`';
      case BLANK -> c <= ' ';
      case BLANK_OR_ANGLE -> c <= ' ' || c == '>';
      case ANGLE -> c == '>' || line;
      case QUOTE -> c == '"' || line;
      case APOSTROPHE -> c == '\'' || line;
      case QUOTE_OF_ATTRIBUTE -> c == '"';
      case APOSTROPHE_OF_ATTRIBUTE -> c == '\'';
    };
  }
}
