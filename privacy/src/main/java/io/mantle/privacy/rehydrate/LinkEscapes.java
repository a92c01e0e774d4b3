package io.mantle.privacy.rehydrate;

import java.util.Map;

/**
 * What the characters of a text are to who follows its links: a browser decodes the entities of an
 * attribute, Markdown drops backslashes, and JSON source has escapes of its own.
 *
 * <p>What an escape means takes its place in what is seen, so that what only reads like an escape
 * once another is read is one too: more than any reader decodes. Used by one thread.
 */
final class LinkEscapes {
  private static final Map<String, Character> ENTITIES =
      Map.of(
          "colon", ':', "sol", '/', "bsol", '\\', "period", '.', "lpar", '(', "lsqb", '[', "Tab",
          '\t', "NewLine", '\n');

  private static final char NONE = '\0';

  private final SeenText seen;
  private final boolean json;

  LinkEscapes(SeenText seen, boolean json) {
    this.seen = seen;
    this.json = json;
  }

  /**
   * What the character is read as; takes the rest of an escape that it ends out of what is seen.
   */
  char read(char c) {
    if (seen.isPlain()) {
      return c;
    }
    if (c == ';') {
      return entity();
    }
    if (seen.before(1) == '\\') {
      if (json && (c == 'n' || c == 'r' || c == 't')) {
        seen.drop(1);
        return '\n';
      }
      if (c == ':' || (json && c == '/')) {
        seen.drop(1);
      }
      return c;
    }
    if (json && seen.before(5) == '\\' && seen.before(4) == 'u') {
      int code = number(seen.last(3) + c, 16);
      if (code >= 0) {
        seen.drop(5);
        return (char) code;
      }
    }
    return c;
  }

  private char entity() {
    int back = 1;
    while (back <= SeenText.ESCAPE_CHARS_MAX && seen.before(back) != '&') {
      back++;
    }
    if (back > SeenText.ESCAPE_CHARS_MAX) {
      return ';';
    }
    String name = seen.last(back - 1);
    char meant = name.startsWith("#") ? ofNumber(name) : ENTITIES.getOrDefault(name, NONE);
    if (meant == NONE) {
      return ';';
    }
    seen.drop(back);
    return meant;
  }

  /**
   * What a number that {@code next} ends without a semicolon stands for, which is then taken out of
   * what is seen; 0 where there is none. Browsers do not miss the semicolon.
   */
  char endedBy(char next) {
    int chars = numberChars();
    if (chars == 0 || next == ';') {
      return NONE;
    }
    String name = seen.last(chars - 1);
    boolean goesOn = Character.digit(next, isHex(name) ? 16 : 10) >= 0;
    char meant = goesOn ? NONE : ofNumber(name);
    if (meant != NONE) {
      seen.drop(chars);
    }
    return meant;
  }

  /** What {@link #endedBy} would say of a letter, or the next surrogate; takes nothing out. */
  char pending() {
    int chars = numberChars();
    return chars == 0 ? NONE : ofNumber(seen.last(chars - 1));
  }

  /** Whether this is one more zero before the number of an entity: there may be any number. */
  boolean isLeadingZero(char c) {
    return c == '0'
        && seen.before(1) == '0'
        && numberChars() > 0
        && number(digits(seen.last(numberChars() - 1)), 16) == 0;
  }

  /** How long {@code &#47} or {@code &#x2f} at the end is, 0 where there is none. */
  private int numberChars() {
    if (seen.isPlain()) {
      return 0;
    }
    int back = 1;
    while (back < SeenText.ESCAPE_CHARS_MAX && Character.digit(seen.before(back), 16) >= 0) {
      back++;
    }
    boolean hex = seen.before(back) == 'x' || seen.before(back) == 'X';
    int hash = hex ? back + 1 : back;
    return back > 1 && seen.before(hash) == '#' && seen.before(hash + 1) == '&' ? hash + 1 : 0;
  }

  private static char ofNumber(String name) {
    int code = number(digits(name), isHex(name) ? 16 : 10);
    return code > 0 && code <= Character.MAX_VALUE ? (char) code : NONE;
  }

  private static boolean isHex(String name) {
    return name.startsWith("#x") || name.startsWith("#X");
  }

  private static String digits(String name) {
    return name.substring(isHex(name) ? 2 : 1);
  }

  private static int number(String digits, int radix) {
    int number = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = Character.digit(digits.charAt(i), radix);
      if (digit < 0) {
        return -1;
      }
      number = Math.min(number * radix + digit, Character.MAX_CODE_POINT);
    }
    return digits.isEmpty() ? -1 : number;
  }
}
