package io.mantle.privacy.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a string, key or number of a body says, and where each of its characters stands there.
 *
 * <p>Where nothing is escaped and all is ASCII, which is most text, the map is one number; else it
 * is one offset a character.
 */
public final class JsonText {
  private final String value;
  private final int firstOffset;
  private final int @Nullable [] offsets;
  private final int escapes;

  private JsonText(String value, int firstOffset, int @Nullable [] offsets, int escapes) {
    this.value = value;
    this.firstOffset = firstOffset;
    this.offsets = offsets;
    this.escapes = escapes;
  }

  /** The text, unescaped. A lone surrogate that was escaped is kept as one. */
  public String value() {
    return value;
  }

  /**
   * Where the character stands in the body; for {@code value().length()}, one past the last one's
   * end.
   */
  public int bodyOffset(int index) {
    Objects.checkIndex(index, value.length() + 1); // else an edit could leave the string
    return offsets == null ? firstOffset + index : offsets[index];
  }

  /** How many JSON strings, one in the other, an edit stands in. */
  public int escapes() {
    return escapes;
  }

  /**
   * The edit that makes {@code [start, end)} of the text say {@code replacement}, escaped as it
   * must be there. A character outside of the BMP is one: a range that begins or ends between its
   * two halves takes it whole.
   */
  public Edit edit(int start, int end, String replacement) {
    Objects.checkFromToIndex(start, end, value.length());
    String escaped = replacement;
    for (int i = 0; i < escapes; i++) {
      escaped = escape(escaped);
    }
    int first = splitsPair(start) ? start - 1 : start;
    int last = splitsPair(end) ? end + 1 : end;
    return new Edit(bodyOffset(first), bodyOffset(last), escaped.getBytes(StandardCharsets.UTF_8));
  }

  /** The edit that makes the text say {@code now}: what both begin or end with stays as it is. */
  public Edit editTo(String now) {
    int length = Math.min(value.length(), now.length());
    int start = 0;
    while (start < length && value.charAt(start) == now.charAt(start)) {
      start++;
    }
    start -= start > 0 && Character.isHighSurrogate(now.charAt(start - 1)) ? 1 : 0;
    int end = 0;
    while (end < length - start
        && value.charAt(value.length() - 1 - end) == now.charAt(now.length() - 1 - end)) {
      end++;
    }
    end -= end > 0 && Character.isLowSurrogate(now.charAt(now.length() - end)) ? 1 : 0;
    return edit(start, value.length() - end, now.substring(start, now.length() - end));
  }

  private boolean splitsPair(int index) {
    return index > 0
        && index < value.length()
        && Character.isSurrogatePair(value.charAt(index - 1), value.charAt(index));
  }

  /**
   * The JSON text that this text is, if it is an object or array.
   *
   * @return null where it is not one
   */
  public @Nullable JsonDocument asDocument() {
    if (!looksLikeContainer()) {
      return null;
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    int[] positions = new int[bytes.length + 1];
    int b = 0;
    for (int i = 0; i < value.length(); ) {
      int codePoint = value.codePointAt(i);
      if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
        return null; // a lone surrogate has no UTF-8
      }
      int from = bodyOffset(i);
      int width = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
      for (int k = 0; k < width; k++) {
        positions[b++] = from;
      }
      i += Character.charCount(codePoint);
    }
    positions[b] = bodyOffset(value.length());
    try {
      return JsonDocument.within(bytes, positions, escapes);
    } catch (MalformedJsonException e) {
      return null; // prose that begins with a bracket
    }
  }

  private boolean looksLikeContainer() {
    String stripped = value.strip();
    return stripped.length() >= 2
        && ((stripped.charAt(0) == '{' && stripped.endsWith("}"))
            || (stripped.charAt(0) == '[' && stripped.endsWith("]")));
  }

  static JsonText verbatim(
      byte[] bytes, int start, int end, int @Nullable [] bodyOffsets, int escapes) {
    String value = new String(bytes, start, end - start, StandardCharsets.US_ASCII);
    if (bodyOffsets == null) {
      return new JsonText(value, start, null, escapes);
    }
    int[] offsets = new int[value.length() + 1];
    System.arraycopy(bodyOffsets, start, offsets, 0, offsets.length);
    return new JsonText(value, offsets[0], offsets, escapes);
  }

  /** Decodes the inside of a string, which the tape has found well formed. */
  static JsonText decode(
      byte[] bytes, int start, int end, int @Nullable [] bodyOffsets, int escapes) {
    boolean plain = true;
    for (int i = start; i < end && plain; i++) {
      plain = bytes[i] >= 0 && bytes[i] != '\\';
    }
    if (plain) {
      return verbatim(bytes, start, end, bodyOffsets, escapes);
    }
    char[] chars = new char[end - start];
    int[] offsets = new int[end - start + 1];
    int n = 0;
    int at = start;
    while (at < end) {
      int from = bodyOffsets == null ? at : bodyOffsets[at];
      offsets[n] = from;
      int b = bytes[at];
      if (b == '\\') {
        int escaped = bytes[at + 1];
        if (escaped == 'u') {
          chars[n++] = hexAt(bytes, at + 2);
          at += 6;
        } else {
          chars[n++] = unescaped(escaped);
          at += 2;
        }
      } else if (b >= 0) {
        chars[n++] = (char) b;
        at++;
      } else {
        int width = (b & 0xE0) == 0xC0 ? 2 : (b & 0xF0) == 0xE0 ? 3 : 4;
        int codePoint = b & (0xFF >> (width + 1));
        for (int i = 1; i < width; i++) {
          codePoint = (codePoint << 6) | (bytes[at + i] & 0x3F);
        }
        if (codePoint >= 0x10000) {
          chars[n++] = Character.highSurrogate(codePoint);
          offsets[n] = from; // no edit may begin inside of a character
          chars[n++] = Character.lowSurrogate(codePoint);
        } else {
          chars[n++] = (char) codePoint;
        }
        at += width;
      }
    }
    offsets[n] = bodyOffsets == null ? end : bodyOffsets[end];
    return new JsonText(
        new String(chars, 0, n), offsets[0], Arrays.copyOf(offsets, n + 1), escapes);
  }

  private static char hexAt(byte[] bytes, int start) {
    int c = 0;
    for (int i = start; i < start + 4; i++) {
      c = (c << 4) | Character.digit(bytes[i], 16);
    }
    return (char) c;
  }

  private static char unescaped(int escaped) {
    return switch (escaped) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> (char) escaped; // the quote, the backslash and the slash stand for themselves
    };
  }

  /**
   * What a JSON string says, its quotes included.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static String unescape(String string) {
    try {
      JsonDocument document = JsonDocument.parse(string.getBytes(StandardCharsets.UTF_8));
      return document.text(document.root()).value();
    } catch (MalformedJsonException e) {
      throw new IllegalArgumentException(
          "no JSON string, of " + string.length() + " characters", e);
    }
  }

  /**
   * {@code text} as the inside of a JSON string: only what must be escaped is; text outside ASCII
   * stays as it is.
   */
  public static String escape(String text) {
    StringBuilder escaped = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean lone =
          Character.isSurrogate(c)
              && !(Character.isHighSurrogate(c)
                  && i + 1 < text.length()
                  && Character.isLowSurrogate(text.charAt(i + 1)))
              && !(Character.isLowSurrogate(c)
                  && i > 0
                  && Character.isHighSurrogate(text.charAt(i - 1)));
      if (c >= 0x20 && c != '"' && c != '\\' && !lone) {
        if (escaped != null) {
          escaped.append(c);
        }
        continue;
      }
      if (escaped == null) {
        escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      switch (c) {
        case '"' -> escaped.append("\\\"");
        case '\\' -> escaped.append("\\\\");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> escaped.append("\\u").append(hex4(c));
      }
    }
    return escaped == null ? text : escaped.toString();
  }

  private static String hex4(char c) {
    String hex = Integer.toHexString(c);
    return "0".repeat(4 - hex.length()) + hex;
  }

  /** Prints no text. */
  @Override
  public String toString() {
    return "JsonText[" + value.length() + " chars]";
  }
}
