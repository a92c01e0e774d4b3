package io.mantle.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Takes an HTTP/1.1 answer apart as its bytes come: the status, and the body with its framing taken
 * off. Reads what a provider and Envoy write and no more; used again for each answer of a
 * connection.
 */
final class AnswerReader {
  private static final int HEAD_BYTES_MAX = 64 << 10;
  private static final int BODY_BYTES_MAX = 4 << 20;
  private static final String LENGTH = "\r\ncontent-length:";

  private enum Part {
    HEAD,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    LAST_LINE,
    DONE
  }

  private Part part = Part.HEAD;
  private byte[] line = new byte[1_024];
  private int lineLength;
  private byte[] body = new byte[16 << 10];
  private int bodyLength;
  private int remaining;
  private int status;

  void begin() {
    part = Part.HEAD;
    lineLength = 0;
    bodyLength = 0;
    remaining = 0;
    status = 0;
  }

  boolean isDone() {
    return part == Part.DONE;
  }

  int status() {
    return status;
  }

  byte[] body() {
    return body;
  }

  int bodyLength() {
    return bodyLength;
  }

  /** Takes all of it. */
  void accept(ByteBuffer bytes) throws WrongAnswerException {
    while (bytes.hasRemaining()) {
      switch (part) {
        case HEAD -> {
          if (readLine(bytes, true)) {
            readHead();
          }
        }
        case BODY, CHUNK -> readBody(bytes);
        case CHUNK_SIZE -> {
          if (readLine(bytes, false)) {
            remaining = Integer.parseInt(takeLine().strip(), 16);
            part = remaining == 0 ? Part.LAST_LINE : Part.CHUNK;
          }
        }
        case CHUNK_END -> {
          if (readLine(bytes, false)) {
            lineLength = 0;
            part = Part.CHUNK_SIZE;
          }
        }
        case LAST_LINE -> {
          // Trailers, then an empty line.
          if (readLine(bytes, false) && takeLine().isBlank()) {
            part = Part.DONE;
          }
        }
        case DONE -> throw new WrongAnswerException("bytes after the end of an answer");
      }
    }
  }

  /** Up to a line's end, or an empty line; true when it is there. */
  private boolean readLine(ByteBuffer bytes, boolean toEmptyLine) throws WrongAnswerException {
    while (bytes.hasRemaining()) {
      if (lineLength == line.length) {
        if (lineLength == HEAD_BYTES_MAX) {
          throw new WrongAnswerException("a head of more than " + HEAD_BYTES_MAX + " bytes");
        }
        line = Arrays.copyOf(line, lineLength * 2);
      }
      byte b = bytes.get();
      line[lineLength++] = b;
      if (b == '\n' && (!toEmptyLine || endsWithEmptyLine())) {
        return true;
      }
    }
    return false;
  }

  private boolean endsWithEmptyLine() {
    return lineLength >= 4 && line[lineLength - 2] == '\r' && line[lineLength - 3] == '\n';
  }

  private String takeLine() {
    String text = new String(line, 0, lineLength, StandardCharsets.ISO_8859_1);
    lineLength = 0;
    return text;
  }

  private void readHead() {
    String head = takeLine().toLowerCase(Locale.ROOT);
    status = Integer.parseInt(head.substring("http/1.1 ".length(), "http/1.1 200".length()));
    int length = head.indexOf(LENGTH);
    if (length < 0) {
      part = Part.CHUNK_SIZE;
      return;
    }
    int start = length + LENGTH.length();
    remaining = Integer.parseInt(head.substring(start, head.indexOf('\r', start)).strip());
    part = remaining == 0 ? Part.DONE : Part.BODY;
  }

  private void readBody(ByteBuffer bytes) throws WrongAnswerException {
    int count = Math.min(remaining, bytes.remaining());
    if (bodyLength + count > body.length) {
      if (bodyLength + count > BODY_BYTES_MAX) {
        throw new WrongAnswerException("a body of more than " + BODY_BYTES_MAX + " bytes");
      }
      body = Arrays.copyOf(body, Math.max(body.length * 2, bodyLength + count));
    }
    bytes.get(body, bodyLength, count);
    bodyLength += count;
    remaining -= count;
    if (remaining == 0) {
      part = part == Part.BODY ? Part.DONE : Part.CHUNK_END;
    }
  }
}
