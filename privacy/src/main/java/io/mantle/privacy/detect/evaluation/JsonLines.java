package io.mantle.privacy.detect.evaluation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads labelled text, one JSON object a line: {@code id}, {@code text} and, where there are any,
 * {@code spans} and {@code annotated}; other fields are passed over, empty lines too. Holds one
 * line at a time, of at most {@link #LINE_BYTES_MAX} bytes. Not for several threads at once.
 */
public final class JsonLines implements AutoCloseable {
  static final int LINE_BYTES_MAX = 64 << 20;

  private static final JsonFactory JSON = new JsonFactory();

  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final byte[] block = new byte[1 << 16];
  private int blockStart;
  private int blockEnd;
  private long number;

  /** Reads {@code in}, UTF-8, and closes it when closed itself. */
  public JsonLines(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /**
   * The next document, or null if there is none.
   *
   * @throws BadLineException if the next line is none
   */
  public @Nullable LabelledDocument next() throws IOException {
    while (readLine()) {
      String text = decoded();
      if (!text.isBlank()) {
        return parse(text);
      }
    }
    return null;
  }

  private boolean readLine() throws IOException {
    line.reset();
    number++;
    while (true) {
      if (blockStart == blockEnd) {
        blockStart = 0;
        blockEnd = Math.max(0, in.read(block));
        if (blockEnd == 0) {
          return line.size() > 0;
        }
      }
      int at = blockStart;
      while (at < blockEnd && block[at] != '\n') {
        at++;
      }
      line.write(block, blockStart, at - blockStart);
      boolean ended = at < blockEnd;
      blockStart = ended ? at + 1 : at;
      if (line.size() > LINE_BYTES_MAX) {
        throw bad("longer than " + (LINE_BYTES_MAX >> 20) + " MiB");
      }
      if (ended) {
        return true;
      }
    }
  }

  private String decoded() throws BadLineException {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(line.toByteArray()))
              .toString();
      return number == 1 && text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw bad("not UTF-8");
    }
  }

  private LabelledDocument parse(String json) throws IOException {
    String id = null;
    String text = null;
    List<Mark> marks = List.of();
    Optional<Set<String>> annotated = Optional.empty();
    try (JsonParser parser = JSON.createParser(json)) {
      expect(parser.nextToken() == JsonToken.START_OBJECT, "not a JSON object");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (field) {
          case "id" -> {
            expect(
                value.isScalarValue() && value != JsonToken.VALUE_NULL,
                "\"id\" is no string and no number");
            id = value == JsonToken.VALUE_STRING ? quoted(parser.getText()) : parser.getText();
          }
          case "text" -> {
            expect(value == JsonToken.VALUE_STRING, "\"text\" is no string");
            text = parser.getText();
          }
          case "spans" -> marks = marks(parser, value);
          case "annotated" -> annotated = types(parser, value);
          default -> parser.skipChildren();
        }
      }
      expect(parser.nextToken() == null, "more than one JSON object");
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw bad("not JSON, at column " + e.getLocation().getColumnNr());
    }
    if (id == null || text == null) {
      throw bad(id == null ? "\"id\" is missing" : "\"text\" is missing");
    }
    int length = text.codePointCount(0, text.length());
    for (Mark mark : marks) {
      expect(
          mark.start() >= 0 && mark.start() < mark.end() && mark.end() <= length,
          "a span does not lie within the text");
    }
    return new LabelledDocument(id, text, marks, annotated);
  }

  private static String quoted(String id) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(id)) + '"';
  }

  private List<Mark> marks(JsonParser parser, JsonToken first) throws IOException {
    expect(first == JsonToken.START_ARRAY, "\"spans\" is no array");
    List<Mark> marks = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(parser.currentToken() == JsonToken.START_OBJECT, "a span is no object");
      int start = -1;
      int end = -1;
      String type = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (field) {
          case "start" -> start = offset(parser, value);
          case "end" -> end = offset(parser, value);
          case "type" -> type = parser.getText();
          default -> parser.skipChildren();
        }
      }
      if (type == null) {
        throw bad("a span has no type");
      }
      marks.add(new Mark(start, end, type));
    }
    return marks;
  }

  private int offset(JsonParser parser, JsonToken value) throws IOException {
    expect(value == JsonToken.VALUE_NUMBER_INT, "a span's start or end is no whole number");
    return parser.getIntValue();
  }

  private Optional<Set<String>> types(JsonParser parser, JsonToken first) throws IOException {
    if (first != JsonToken.START_ARRAY) {
      expect(first == JsonToken.VALUE_NULL, "\"annotated\" is no array");
      return Optional.empty();
    }
    Set<String> types = new HashSet<>();
    while (parser.nextToken() == JsonToken.VALUE_STRING) {
      types.add(parser.getText());
    }
    expect(parser.currentToken() == JsonToken.END_ARRAY, "\"annotated\" holds no types");
    return Optional.of(types);
  }

  private void expect(boolean holds, String otherwise) throws BadLineException {
    if (!holds) {
      throw bad(otherwise);
    }
  }

  private BadLineException bad(String reason) {
    return new BadLineException(number, reason);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
