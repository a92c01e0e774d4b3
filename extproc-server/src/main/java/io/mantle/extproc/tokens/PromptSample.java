package io.mantle.extproc.tokens;

import io.mantle.extproc.dialect.Dialect;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.MalformedJsonException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * As much of a request's body as is needed to estimate its tokens. A body of up to {@link
 * #BYTES_READ_MAX} is read as what it is when it is counted; of a longer one, windows are kept that
 * lie evenly in it, and those that are nothing but letters of base64 are taken for media.
 *
 * <p>Making one looks at no more than {@link #BYTES_READ_MAX} bytes. Immutable.
 */
public final class PromptSample {
  static final int BYTES_READ_MAX = 16 * 1024;
  private static final int WINDOW_BYTES = 256;
  private static final int WINDOWS = 32;

  private final byte[] bytes;
  private final Dialect dialect;
  private final boolean whole;
  private final long textBytes;

  private PromptSample(byte[] bytes, Dialect dialect, boolean whole, long textBytes) {
    this.bytes = bytes;
    this.dialect = dialect;
    this.whole = whole;
    this.textBytes = textBytes;
  }

  /** Of a body; keeps it if it is short, so it is not to be changed. */
  public static PromptSample of(byte[] body, Dialect dialect) {
    return body.length <= BYTES_READ_MAX
        ? new PromptSample(body, dialect, true, body.length)
        : of(ByteBuffer.wrap(body), dialect);
  }

  /** Of a body that is not kept. */
  public static PromptSample of(ByteBuffer body, Dialect dialect) {
    int length = body.remaining();
    if (length <= BYTES_READ_MAX) {
      byte[] all = new byte[length];
      body.get(body.position(), all);
      return new PromptSample(all, dialect, true, length);
    }
    ByteArrayOutputStream texts = new ByteArrayOutputStream(WINDOWS * WINDOW_BYTES);
    byte[] window = new byte[WINDOW_BYTES];
    int ofText = 0;
    for (int i = 0; i < WINDOWS; i++) {
      long start = (long) (length - WINDOW_BYTES) * (2 * i + 1) / (2 * WINDOWS);
      body.get(body.position() + (int) start, window);
      if (!isMedia(window)) {
        texts.writeBytes(window);
        ofText++;
      }
    }
    return new PromptSample(texts.toByteArray(), dialect, false, (long) length * ofText / WINDOWS);
  }

  /** A guess without a look at what is said. */
  public long guess() {
    return BoundedCount.byBytes(textBytes);
  }

  long tokens(BoundedCount counter) {
    if (!whole) {
      String texts =
          new String(bytes, StandardCharsets.UTF_8)
              .replace("\uFFFD", "") // where a window cuts a character
              .replace("\\n", "\n")
              .replace("\\\"", "\"");
      return bytes.length == 0
          ? 0
          : Math.round((double) counter.of(texts) * textBytes / bytes.length);
    }
    if (bytes.length == 0) {
      return 0;
    }
    try {
      return ModelTexts.read(JsonDocument.parse(bytes), dialect).tokens(counter);
    } catch (MalformedJsonException e) {
      return guess(); // it is going to be refused
    }
  }

  private static boolean isMedia(byte[] window) {
    for (byte b : window) {
      boolean base64 =
          (b >= 'A' && b <= 'Z')
              || (b >= 'a' && b <= 'z')
              || (b >= '0' && b <= '9')
              || b == '+'
              || b == '/'
              || b == '='
              || b == '-'
              || b == '_';
      if (!base64) {
        return false;
      }
    }
    return true;
  }

  /** Prints no text. */
  @Override
  public String toString() {
    return "PromptSample[" + textBytes + " bytes]";
  }
}
