package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.detect.recognizer.KeyShapes.Shape;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Consumer;

/**
 * Keys that tell what they are by how they begin: those of common vendors and of this gateway, JSON
 * web tokens (RFC 7519), what follows {@code Bearer} (RFC 6750), {@code Basic} (RFC 7617) or {@code
 * Token}; and tokens of bots, which a colon or dots divide.
 */
final class ApiKeyRecognizer implements Recognizer {
  private static final int KEY_CHARS_MAX = 8_192;
  private static final int TOKEN_CHARS_MIN = 16;
  private static final String[] SCHEMES = {"bearer ", "basic ", "token ", "apikey "};

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (!passage.hasLetter()) {
      return;
    }
    int read = -1;
    for (int word = 0; word < passage.words(); word++) {
      int start = passage.wordStart(word);
      if (passage.at(start - 1) == '$' && !CharClass.isWord(passage.at(start - 2))) {
        start--;
      }
      if (start <= read) {
        continue;
      }
      char first = passage.at(start);
      char second = passage.at(start + 1);
      if (KeyShapes.mayBegin(first, second)) {
        read = keyAt(passage, start, found);
      } else if (mayBeginScheme(first, second)) {
        read = schemeAt(passage, start, found);
      }
    }
    bots(passage, found);
  }

  /** Reports the key at {@code start}, if there is one; returns the last character read. */
  private static int keyAt(Passage passage, int start, Consumer<Span> found) {
    Shape shape = KeyShapes.at(passage.text(), start);
    if (shape == null) {
      return schemeAt(passage, start, found);
    }
    int end = keyEnd(passage, start, shape);
    if (isKey(passage, start, end, shape)) {
      report(start, end, 0.99, found);
    }
    // Also past what is no key after all: else "sk-sk-sk-" would be read again at each "sk".
    return Math.max(start, end - 1);
  }

  private static int schemeAt(Passage passage, int start, Consumer<Span> found) {
    int token = schemeEnd(passage.text(), start);
    if (token < 0) {
      return start;
    }
    int end = runEnd(passage, token, "-._~+/=");
    if (!isToken(passage.text(), token, end)) {
      return start;
    }
    report(token, end, 0.97, found);
    return end - 1;
  }

  private static boolean mayBeginScheme(char first, char second) {
    int next = second | 0x20;
    return switch (first | 0x20) {
      case 'b' -> next == 'e' || next == 'a';
      case 't' -> next == 'o';
      case 'a' -> next == 'p';
      default -> false;
    };
  }

  private static void report(int start, int end, double score, Consumer<Span> found) {
    found.accept(new Span(start, end, EntityType.PASSWORD_OR_SECRET, score));
  }

  private static int keyEnd(Passage passage, int start, Shape shape) {
    int from = start + shape.prefix().length();
    int end = runEnd(passage, from, shape.marks());
    while (end > from && "-_./+".indexOf(passage.at(end - 1)) >= 0) {
      end--;
    }
    return end;
  }

  private static boolean isKey(Passage passage, int start, int end, Shape shape) {
    int from = start + shape.prefix().length();
    return end - from >= shape.charsMin()
        && passage.endsWord(end)
        && Plausible.isRandom(passage.text().substring(from, end))
        && (!shape.prefix().equals("eyJ") || isWebToken(passage.text(), start, end))
        && (shape.prefix().length() > 2
            || (shape.marks().isEmpty()
                ? isHexKey(passage, from, end)
                : isThreePart(passage.text(), start, end)));
  }

  /** {@code MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.rest}. */
  private static boolean isThreePart(String text, int start, int end) {
    String[] parts = text.substring(start, end).split("\\.", -1);
    return parts.length == 3
        && parts[0].length() >= 23
        && parts[0].length() <= 28
        && parts[1].length() == 6
        && parts[2].length() >= 27;
  }

  /** Two letters say little: behind Twilio's stand 32 hex digits and no more. */
  private static boolean isHexKey(Passage passage, int from, int end) {
    for (int i = from; i < end; i++) {
      if (!CharClass.isHex(passage.at(i))) {
        return false;
      }
    }
    return end - from == 32;
  }

  /** Three parts, the first two of them JSON objects in base64url. */
  private static boolean isWebToken(String text, int start, int end) {
    int first = text.indexOf('.', start);
    return first > 0 && first < end && text.startsWith("eyJ", first + 1);
  }

  private static int schemeEnd(String text, int start) {
    for (String scheme : SCHEMES) {
      if (text.regionMatches(true, start, scheme, 0, scheme.length())) {
        return start + scheme.length();
      }
    }
    return -1;
  }

  private static boolean isToken(String text, int start, int end) {
    if (end - start < 8) {
      return false;
    }
    String token = text.substring(start, end);
    return (token.length() >= TOKEN_CHARS_MIN && Plausible.isRandom(token)) || isUserAndPass(token);
  }

  /** Base64 of {@code user:password}, which may hold no digit. */
  private static boolean isUserAndPass(String token) {
    if (token.length() > 512 || token.length() % 4 != 0) {
      return false;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(token);
      String plain = new String(bytes, StandardCharsets.ISO_8859_1);
      return plain.indexOf(':') > 0 && plain.chars().allMatch(c -> c >= ' ' && c <= '~');
    } catch (IllegalArgumentException noBase64) {
      return false;
    }
  }

  /** Telegram's {@code 123456789:AA...} behind its digits. */
  private static void bots(Passage passage, Consumer<Span> found) {
    if (!passage.hasColon()) {
      return;
    }
    for (int run = 0; run < passage.digitRuns(); run++) {
      int colon = passage.runEnd(run);
      int digits = passage.runLength(run);
      if (passage.at(colon) == ':' && digits >= 8 && digits <= 10) {
        int start = passage.runStart(run);
        int end = runEnd(passage, colon + 1, "-_");
        boolean bot = passage.text().startsWith("bot", start - 3);
        if (end - colon == 36 && (bot || passage.startsWord(start))) {
          report(start, end, 0.99, found);
        }
      }
    }
  }

  private static int runEnd(Passage passage, int from, String marks) {
    int high = Math.min(passage.length(), from + KEY_CHARS_MAX);
    int end = from;
    while (end < high
        && (CharClass.isAsciiAlnum(passage.at(end)) || marks.indexOf(passage.at(end)) >= 0)) {
      end++;
    }
    return end;
  }
}
