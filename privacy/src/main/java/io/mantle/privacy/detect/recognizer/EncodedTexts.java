package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Texts in base64 or base64url (RFC 4648) that hold what {@code inner} finds. The whole of the
 * encoded run is reported as a secret: its surrogate must look like it, not like what is inside.
 *
 * <p>Bounded: runs of {@value #CHARS_MIN} to {@value #CHARS_MAX} characters, {@value #DECODED_MAX}
 * characters a text, one level.
 */
final class EncodedTexts implements Recognizer {
  private static final int CHARS_MIN = 16;
  private static final int CHARS_MAX = 16_384;
  private static final int DECODED_MAX = 65_536;

  private static final boolean[] ALPHABET = alphabet();

  private final List<Recognizer> inner;

  EncodedTexts(List<Recognizer> inner) {
    this.inner = List.copyOf(inner);
  }

  private static boolean[] alphabet() {
    boolean[] alphabet = new boolean[128];
    for (char c = 0; c < alphabet.length; c++) {
      alphabet[c] = CharClass.isAsciiAlnum(c) || "+/-_".indexOf(c) >= 0;
    }
    return alphabet;
  }

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    String text = passage.text();
    int length = text.length();
    int budget = DECODED_MAX;
    int free = 0;
    // A run that is long enough holds every CHARS_MINth character of the text.
    for (int probe = CHARS_MIN - 1; probe < length && budget > 0; probe += CHARS_MIN) {
      if (!isEncoded(text.charAt(probe))) {
        continue;
      }
      int start = probe;
      while (start > free && isEncoded(text.charAt(start - 1))) {
        start--;
      }
      int end = probe + 1;
      while (end < length && isEncoded(text.charAt(end))) {
        end++;
      }
      free = end;
      int size = end - start;
      if (size >= CHARS_MIN && size <= CHARS_MAX && size <= budget) {
        String decoded = decoded(text.substring(start, end));
        if (decoded != null) {
          budget -= size;
          if (holdsAny(decoded)) {
            int past = end;
            while (past < length && past - end < 2 && text.charAt(past) == '=') {
              past++;
            }
            found.accept(new Span(start, past, EntityType.PASSWORD_OR_SECRET, 0.8));
          }
        }
      }
      probe = Math.max(probe, free - 1);
    }
  }

  private static boolean isEncoded(char c) {
    return c < 128 && ALPHABET[c];
  }

  private boolean holdsAny(String decoded) {
    Passage passage = new Passage(decoded);
    boolean[] any = new boolean[1];
    for (Recognizer recognizer : inner) {
      recognizer.recognize(passage, span -> any[0] |= isPrivate(span.type()));
    }
    return any[0];
  }

  private static boolean isPrivate(EntityType type) {
    return type != EntityType.DATE && type != EntityType.URL;
  }

  /** The text that {@code run} encodes; null if it is none. */
  private static @Nullable String decoded(String run) {
    if (run.length() % 4 == 1) {
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(run.replace('-', '+').replace('_', '/'));
      for (byte b : bytes) {
        if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') {
          return null;
        }
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException notText) {
      return null;
    }
  }
}
