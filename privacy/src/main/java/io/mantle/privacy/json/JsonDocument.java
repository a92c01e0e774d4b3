package io.mantle.privacy.json;

import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One JSON text as a tape of tokens over its bytes.
 *
 * <p>A token is an index into the tape, in document order; {@link #root()} is the first. An object
 * is followed by its members (key, value, key, value ...), an array by its elements, and {@link
 * #after} steps over a whole value. A string that holds a JSON text of its own is a document as
 * well ({@link JsonText#asDocument}): its tokens then know where they stand in the outermost body,
 * and how often an edit must be escaped to stay valid there.
 *
 * <p>Immutable but for the bytes, which the caller must not change. Duplicate keys are kept as they
 * stand. Memory: the bytes and 16 bytes a token.
 */
public final class JsonDocument {
  private final byte[] bytes;
  private final JsonTape tape;
  private final int @Nullable [] bodyOffsets;
  private final int escapes;

  private JsonDocument(byte[] bytes, JsonTape tape, int @Nullable [] bodyOffsets, int escapes) {
    this.bytes = bytes;
    this.tape = tape;
    this.bodyOffsets = bodyOffsets;
    this.escapes = escapes;
  }

  /**
   * Reads one JSON text as RFC 8259 has it: UTF-8 without a BOM, nothing after it but white space.
   *
   * @throws MalformedJsonException if it is not, nests deeper than {@link JsonTape#DEPTH_MAX} or
   *     has more than {@link JsonTape#TOKENS_MAX} tokens
   */
  public static JsonDocument parse(byte[] bytes) throws MalformedJsonException {
    return new JsonDocument(bytes, JsonTape.read(bytes, 0, bytes.length), null, 0);
  }

  /**
   * Reads a JSON text whose bytes stand elsewhere.
   *
   * @param bodyOffsets for each byte where it stands in the body, and one more for the end
   * @param escapes how many JSON strings, one in the other, it stands in
   */
  public static JsonDocument within(byte[] bytes, int[] bodyOffsets, int escapes)
      throws MalformedJsonException {
    return new JsonDocument(bytes, JsonTape.read(bytes, 0, bytes.length), bodyOffsets, escapes);
  }

  public int root() {
    return 0;
  }

  /** How many tokens there are: what is not less is not a token. */
  public int size() {
    return tape.size();
  }

  public JsonKind kind(int token) {
    return tape.kind(token);
  }

  /** The token after the whole value that begins at {@code token}. */
  public int after(int token) {
    return tape.after(token);
  }

  /**
   * The first token inside of the object or array {@code token}; equals {@link #after} where it is
   * empty.
   */
  public int firstChild(int token) {
    return token + 1;
  }

  /** The value of the object's member {@code key}, the last one of that name, or -1. */
  public int member(int object, String key) {
    if (kind(object) != JsonKind.OBJECT) {
      return -1;
    }
    int found = -1;
    int end = after(object);
    for (int name = firstChild(object); name < end; name = after(name + 1)) {
      if (is(name, key)) {
        found = name + 1;
      }
    }
    return found;
  }

  /** How many members of {@code object} are named {@code key}; 0 where it is no object. */
  public int count(int object, String key) {
    if (kind(object) != JsonKind.OBJECT) {
      return 0;
    }
    int count = 0;
    int end = after(object);
    for (int name = firstChild(object); name < end; name = after(name + 1)) {
      if (is(name, key)) {
        count++;
      }
    }
    return count;
  }

  /** The text of a string, key or number. */
  public JsonText text(int token) {
    return switch (kind(token)) {
      case STRING, KEY ->
          JsonText.decode(
              bytes, tape.start(token) + 1, tape.end(token) - 1, bodyOffsets, escapes + 1);
      case NUMBER ->
          JsonText.verbatim(bytes, tape.start(token), tape.end(token), bodyOffsets, escapes);
      case OBJECT, ARRAY, TRUE, FALSE, NULL ->
          throw new IllegalArgumentException("a " + kind(token) + " has no text");
    };
  }

  /** Whether the string or key {@code token} says exactly {@code ascii}, however it is escaped. */
  public boolean is(int token, String ascii) {
    return tape.insideIs(token, ascii)
        || (tape.insideHasEscape(token) && text(token).value().equals(ascii));
  }

  /**
   * Whether there is a {@code token} (it is not -1), and it is a string that says exactly {@code
   * ascii}.
   */
  public boolean says(int token, String ascii) {
    return token >= 0 && kind(token) == JsonKind.STRING && is(token, ascii);
  }

  /** Where the token begins in the body; a string or key at its quote. */
  public int bodyStart(int token) {
    return body(tape.start(token));
  }

  /** One past the token's last byte in the body. */
  public int bodyEnd(int token) {
    return body(tape.end(token));
  }

  /** The token's own bytes, as they stand. */
  public String raw(int token) {
    int start = tape.start(token);
    return new String(bytes, start, tape.end(token) - start, StandardCharsets.UTF_8);
  }

  /**
   * Where {@code token} is, as the field writes it: {@code messages[2].content}.
   *
   * @param shown which keys may be named; any other, which may be a caller's private one, is a
   *     {@code *}
   */
  public String pathOf(int token, Predicate<String> shown) {
    StringBuilder path = new StringBuilder();
    int container = root();
    while (container != token
        && (kind(container) == JsonKind.OBJECT || kind(container) == JsonKind.ARRAY)) {
      int child = firstChild(container);
      if (kind(container) == JsonKind.OBJECT) {
        while (after(child + 1) <= token) {
          child = after(child + 1);
        }
        String key = text(child).value();
        path.append(path.isEmpty() ? "" : ".").append(shown.test(key) ? key : "*");
        container = token == child ? token : child + 1;
      } else {
        int index = 0;
        while (after(child) <= token) {
          child = after(child);
          index++;
        }
        path.append('[').append(index).append(']');
        container = child;
      }
    }
    return path.toString();
  }

  private int body(int offset) {
    return bodyOffsets == null ? offset : bodyOffsets[offset];
  }
}
