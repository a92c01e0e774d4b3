package io.mantle.privacy.json;

import java.util.Arrays;

/**
 * The strict reader: RFC 8259 to the letter, UTF-8 to the letter (RFC 3629), no recursion, no value
 * kept.
 *
 * <p>Our own, because edits need the exact byte range of every token, escapes included, and because
 * what two parsers read differently is where text slips through: what the grammar does not allow is
 * refused here, before a provider's more lenient reader sees it.
 */
final class JsonTape {
  /** Deeper than any real request; keeps readers further on safe that do recurse. */
  static final int DEPTH_MAX = 512;

  /** A body of the largest size holds far fewer, unless it was made to hurt. */
  static final int TOKENS_MAX = 2_000_000;

  private final byte[] bytes;
  private final int end;
  private int at;

  private JsonKind[] kinds = new JsonKind[64];
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int[] afters = new int[64];
  private int size;

  private JsonTape(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  static JsonTape read(byte[] bytes, int start, int end) throws MalformedJsonException {
    JsonTape tape = new JsonTape(bytes, start, end);
    tape.readText();
    return tape;
  }

  int size() {
    return size;
  }

  JsonKind kind(int token) {
    return kinds[token];
  }

  int start(int token) {
    return starts[token];
  }

  int end(int token) {
    return ends[token];
  }

  int after(int token) {
    return afters[token];
  }

  /** Whether the inside of a string or key is these characters, none of them escaped. */
  boolean insideIs(int token, String ascii) {
    int start = starts[token] + 1;
    if (ends[token] - 1 - start != ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (bytes[start + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  boolean insideHasEscape(int token) {
    for (int i = starts[token] + 1; i < ends[token] - 1; i++) {
      if (bytes[i] == '\\') {
        return true;
      }
    }
    return false;
  }

  private void readText() throws MalformedJsonException {
    int[] open = new int[16];
    int depth = 0;
    skipSpace();
    while (true) {
      // At the beginning of a value, or of a key where the innermost container is an object.
      if (depth > 0 && kind(open[depth - 1]) == JsonKind.OBJECT) {
        readKey();
      }
      int opened = readValue();
      if (opened >= 0) {
        if (depth == DEPTH_MAX) {
          throw malformed("nested deeper than " + DEPTH_MAX);
        }
        if (depth == open.length) {
          open = Arrays.copyOf(open, depth * 2);
        }
        open[depth++] = opened;
        skipSpace();
        if (!closes(open[depth - 1])) {
          continue;
        }
      }
      // After a value, or in an empty container: close what closes, until a comma asks for more.
      while (true) {
        skipSpace();
        if (depth == 0) {
          if (at != end) {
            throw malformed("something follows the JSON text");
          }
          return;
        }
        int container = open[depth - 1];
        if (closes(container)) {
          at++;
          ends[container] = at;
          afters[container] = size;
          depth--;
        } else if (at < end && bytes[at] == ',') {
          at++;
          skipSpace();
          break;
        } else {
          throw malformed("expected ',' or the end of the object or array");
        }
      }
    }
  }

  private boolean closes(int container) {
    return at < end && bytes[at] == (kind(container) == JsonKind.OBJECT ? '}' : ']');
  }

  private void readKey() throws MalformedJsonException {
    if (at >= end || bytes[at] != '"') {
      throw malformed("expected a key");
    }
    readString(JsonKind.KEY);
    skipSpace();
    if (at >= end || bytes[at] != ':') {
      throw malformed("expected ':'");
    }
    at++;
    skipSpace();
  }

  /** Returns the token of a container that was opened, or -1 where a whole value was read. */
  private int readValue() throws MalformedJsonException {
    if (at >= end) {
      throw malformed("expected a value");
    }
    switch (bytes[at]) {
      case '{' -> {
        return add(JsonKind.OBJECT, at, ++at);
      }
      case '[' -> {
        return add(JsonKind.ARRAY, at, ++at);
      }
      case '"' -> readString(JsonKind.STRING);
      case 't' -> readLiteral("true", JsonKind.TRUE);
      case 'f' -> readLiteral("false", JsonKind.FALSE);
      case 'n' -> readLiteral("null", JsonKind.NULL);
      default -> readNumber();
    }
    return -1;
  }

  private void readLiteral(String literal, JsonKind kind) throws MalformedJsonException {
    int start = at;
    for (int i = 0; i < literal.length(); i++, at++) {
      if (at >= end || bytes[at] != literal.charAt(i)) {
        throw malformed("expected a value");
      }
    }
    add(kind, start, at);
  }

  private void readNumber() throws MalformedJsonException {
    int start = at;
    if (at < end && bytes[at] == '-') {
      at++;
    }
    if (at < end && bytes[at] == '0') {
      at++;
    } else {
      readDigits();
    }
    if (at < end && bytes[at] == '.') {
      at++;
      readDigits();
    }
    if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
      at++;
      if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
        at++;
      }
      readDigits();
    }
    add(JsonKind.NUMBER, start, at);
  }

  private void readDigits() throws MalformedJsonException {
    int first = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    if (at == first) {
      throw malformed("expected a value");
    }
  }

  private void readString(JsonKind kind) throws MalformedJsonException {
    int start = at++;
    while (true) {
      if (at >= end) {
        throw malformed("a string does not end");
      }
      int b = bytes[at];
      if (b == '"') {
        at++;
        add(kind, start, at);
        return;
      } else if (b == '\\') {
        readEscape();
      } else if (b >= 0x20) {
        at++;
      } else if (b >= 0) {
        throw malformed("a control character stands unescaped in a string");
      } else {
        readMultibyte();
      }
    }
  }

  private void readEscape() throws MalformedJsonException {
    at++;
    switch (at < end ? bytes[at] : -1) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at++;
      case 'u' -> {
        at++;
        for (int i = 0; i < 4; i++, at++) {
          if (at >= end || Character.digit((char) (bytes[at] & 0xFF), 16) < 0 || bytes[at] < 0) {
            throw malformed("an escape is not four hexadecimal digits");
          }
        }
      }
      default -> throw malformed("an unknown escape");
    }
  }

  /**
   * One well-formed sequence of RFC 3629: no overlong form, no surrogate, nothing beyond U+10FFFF.
   */
  private void readMultibyte() throws MalformedJsonException {
    int lead = bytes[at] & 0xFF;
    int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 0 || at + length > end) {
      throw malformed("not UTF-8");
    }
    int second = bytes[at + 1] & 0xFF;
    int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < low || second > high) {
      throw malformed("not UTF-8");
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[at + i] & 0xC0) != 0x80) {
        throw malformed("not UTF-8");
      }
    }
    at += length;
  }

  private void skipSpace() {
    while (at < end) {
      switch (bytes[at]) {
        case ' ', '\t', '\n', '\r' -> at++;
        default -> {
          return;
        }
      }
    }
  }

  private int add(JsonKind kind, int start, int tokenEnd) throws MalformedJsonException {
    if (size == TOKENS_MAX) {
      throw malformed("more than " + TOKENS_MAX + " keys and values");
    }
    if (size == kinds.length) {
      kinds = Arrays.copyOf(kinds, size * 2);
      starts = Arrays.copyOf(starts, size * 2);
      ends = Arrays.copyOf(ends, size * 2);
      afters = Arrays.copyOf(afters, size * 2);
    }
    kinds[size] = kind;
    starts[size] = start;
    ends[size] = tokenEnd;
    afters[size] = size + 1;
    return size++;
  }

  private MalformedJsonException malformed(String what) {
    return new MalformedJsonException(what, Math.min(at, end));
  }
}
