package io.mantle.privacy.rehydrate;

/**
 * Reads a text character by character as a reader of its rendering would: a percent escape, a
 * character reference, a backslash escape are the character they say. Of JSON source, what its
 * strings say is read so.
 *
 * <p>Says the same of a position however much of the text is there, or that there is too little.
 * Used by one thread.
 */
final class Units {
  static final int OK = 1;

  /** The end of the text. */
  static final int END = 0;

  /** What is there may still become another character. */
  static final int INCOMPLETE = -1;

  /** What is no character of a string: JSON's quotes, an escape that is none. */
  static final char NO_CHARACTER = '\uFFFF';

  private static final int REFERENCE_CHARS_MAX = 8;

  private final boolean json;

  private char base;
  private int baseWidth;
  private int pairWidth;

  /** The character that was read. */
  char c;

  /** How many characters of the text it takes. */
  int width;

  /** How it is escaped: 0, or one of {@code % & \}. */
  char escape;

  Units(boolean json) {
    this.json = json;
  }

  int read(CharSequence text, int at, boolean more) {
    if (at < text.length()) {
      char plain = text.charAt(at);
      if (plain < 128 && plain != '%' && plain != '&' && plain != '\\' && plain != '"') {
        c = plain;
        width = 1;
        escape = 0;
        return OK;
      }
    }
    int read = readBase(text, at, more);
    if (read != OK) {
      return read;
    }
    c = base;
    width = baseWidth;
    escape = 0;
    return switch (c) {
      case '%' -> percent(text, at, more);
      case '&' -> reference(text, at, more);
      case '\\' -> backslash(text, at, more);
      default -> OK;
    };
  }

  private int unescaped(char sign, int signWidth) {
    c = sign;
    width = signWidth;
    escape = 0;
    return OK;
  }

  /** RFC 3986, section 2.1, of UTF-8; what is none is the sign itself. */
  private int percent(CharSequence text, int at, boolean more) {
    int sign = baseWidth;
    int position = at + sign;
    int first = hexPair(text, position, more);
    if (first < 0) {
      return first == INCOMPLETE ? INCOMPLETE : unescaped('%', sign);
    }
    position += pairWidth;
    int follow = first < 0x80 ? 0 : first >> 5 == 6 ? 1 : first >> 4 == 14 ? 2 : -1;
    if (follow < 0 || first < 0x20) {
      return unescaped('%', sign);
    }
    int value = follow == 0 ? first : first & (follow == 1 ? 0x1F : 0x0F);
    for (int i = 0; i < follow; i++) {
      int read = readBase(text, position, more);
      if (read == INCOMPLETE) {
        return INCOMPLETE;
      }
      if (read == END || base != '%') {
        return unescaped('%', sign);
      }
      position += baseWidth;
      int next = hexPair(text, position, more);
      if (next == INCOMPLETE) {
        return INCOMPLETE;
      }
      if (next < 0 || next >> 6 != 2) {
        return unescaped('%', sign);
      }
      position += pairWidth;
      value = (value << 6) | (next & 0x3F);
    }
    c = (char) value;
    width = position - at;
    escape = '%';
    return OK;
  }

  /** The byte that two hexadecimal digits say, INCOMPLETE, or -2 where there are none. */
  private int hexPair(CharSequence text, int at, boolean more) {
    int value = 0;
    int position = at;
    for (int i = 0; i < 2; i++) {
      int read = readBase(text, position, more);
      if (read == INCOMPLETE) {
        return INCOMPLETE;
      }
      int digit = read == END || base >= 128 ? -1 : Character.digit(base, 16);
      if (digit < 0) {
        return -2;
      }
      value = (value << 4) | digit;
      position += baseWidth;
    }
    pairWidth = position - at;
    return value;
  }

  /** HTML, section 13.5: the numeric ones and those that serialisers write. */
  private int reference(CharSequence text, int at, boolean more) {
    int sign = baseWidth;
    int position = at + sign;
    StringBuilder name = new StringBuilder(REFERENCE_CHARS_MAX);
    while (true) {
      int read = readBase(text, position, more);
      if (read == INCOMPLETE) {
        return INCOMPLETE;
      }
      boolean ends = read == OK && base == ';';
      boolean goesOn =
          read == OK
              && base < 128
              && (Letters.isLetterOrDigit(base) || base == '#')
              && name.length() < REFERENCE_CHARS_MAX;
      if (!ends && !goesOn) {
        return unescaped('&', sign);
      }
      position += baseWidth;
      if (ends) {
        break;
      }
      name.append(base);
    }
    int named = named(name.toString());
    if (named < 0) {
      return unescaped('&', sign);
    }
    c = (char) named;
    width = position - at;
    escape = '&';
    return OK;
  }

  private static int named(String name) {
    return switch (name) {
      case "amp" -> '&';
      case "lt" -> '<';
      case "gt" -> '>';
      case "quot" -> '"';
      case "apos" -> '\'';
      case "nbsp" -> '\u00A0';
      case "shy" -> '\u00AD';
      default -> numbered(name);
    };
  }

  private static int numbered(String name) {
    if (name.length() < 2 || name.charAt(0) != '#') {
      return -1;
    }
    boolean hex = name.charAt(1) == 'x' || name.charAt(1) == 'X';
    try {
      int value = Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10);
      return value > 0 && value < 0xFFFF ? value : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** As JSON and programs write it; before anything else a backslash is Markdown's, and a mark. */
  private int backslash(CharSequence text, int at, boolean more) {
    int sign = baseWidth;
    int read = readBase(text, at + sign, more);
    if (read == INCOMPLETE) {
      return INCOMPLETE;
    }
    if (read == END) {
      return unescaped('\\', sign);
    }
    int position = at + sign + baseWidth;
    switch (base) {
      case 'n', 'r' -> c = '\n';
      case 't' -> c = '\t';
      case 'u' -> {
        int high = hexPair(text, position, more);
        if (high < 0) {
          return high == INCOMPLETE ? INCOMPLETE : unescaped('\\', sign);
        }
        position += pairWidth;
        int low = hexPair(text, position, more);
        if (low < 0) {
          return low == INCOMPLETE ? INCOMPLETE : unescaped('\\', sign);
        }
        position += pairWidth;
        c = (char) ((high << 8) | low);
      }
      default -> {
        return unescaped('\\', sign);
      }
    }
    width = position - at;
    escape = '\\';
    return OK;
  }

  /** One character of the text, or of what a JSON source says. */
  private int readBase(CharSequence text, int at, boolean more) {
    if (at >= text.length()) {
      return more ? INCOMPLETE : END;
    }
    base = text.charAt(at);
    baseWidth = 1;
    if (!json || (base != '\\' && base != '"')) {
      return OK;
    }
    if (base == '"') {
      base = NO_CHARACTER;
      return OK;
    }
    if (at + 1 == text.length()) {
      base = NO_CHARACTER;
      return more ? INCOMPLETE : OK;
    }
    baseWidth = 2;
    switch (text.charAt(at + 1)) {
      case '"' -> base = '"';
      case '\\' -> base = '\\';
      case '/' -> base = '/';
      case 'b', 'f' -> base = ' ';
      case 'n', 'r' -> base = '\n';
      case 't' -> base = '\t';
      case 'u' -> {
        int value = 0;
        for (int i = at + 2; i < at + 6; i++) {
          if (i >= text.length()) {
            base = NO_CHARACTER;
            return more ? INCOMPLETE : OK;
          }
          char digit = text.charAt(i);
          int hex = digit < 128 ? Character.digit(digit, 16) : -1;
          if (hex < 0) {
            base = NO_CHARACTER;
            return OK;
          }
          value = (value << 4) | hex;
        }
        base = (char) value;
        baseWidth = 6;
      }
      default -> base = NO_CHARACTER;
    }
    return OK;
  }
}
