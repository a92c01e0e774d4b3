package io.mantle.privacy.detect;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keys that tell what they are by how they begin: those of common vendors and of this gateway, JSON
 * web tokens (RFC 7519), and what follows {@code Bearer} (RFC 6750) or {@code Basic} (RFC 7617).
 */
final class ApiKeyRecognizer implements Recognizer {
  private static final int KEY_CHARS_MAX = 8_192;

  /**
   * One vendor's form.
   *
   * @param prefix how the key begins
   * @param marks what it may hold besides letters and digits
   * @param charsMin how many characters follow the prefix, at least
   */
  private record Shape(String prefix, String marks, int charsMin) {}

  private static final List<Shape> SHAPES =
      List.of(
          new Shape("sk-", "-_", 20), // OpenAI, Anthropic, this gateway and many that follow them
          new Shape("sk_live_", "_", 16), // Stripe
          new Shape("sk_test_", "_", 16),
          new Shape("rk_live_", "_", 16),
          new Shape("rk_test_", "_", 16),
          new Shape("whsec_", "+/=", 16),
          new Shape("AKIA", "", 16), // AWS
          new Shape("ASIA", "", 16),
          new Shape("ghp_", "", 30), // GitHub
          new Shape("gho_", "", 30),
          new Shape("ghu_", "", 30),
          new Shape("ghs_", "", 30),
          new Shape("ghr_", "", 30),
          new Shape("github_pat_", "_", 22),
          new Shape("glpat-", "-_", 20), // GitLab
          new Shape("AIza", "-_", 33), // Google
          new Shape("ya29.", "-_", 20),
          new Shape("GOCSPX-", "-_", 20),
          new Shape("xoxb-", "-", 10), // Slack
          new Shape("xoxp-", "-", 10),
          new Shape("xoxa-", "-", 10),
          new Shape("xoxr-", "-", 10),
          new Shape("xoxs-", "-", 10),
          new Shape("xapp-", "-", 10),
          new Shape("hf_", "", 30), // Hugging Face
          new Shape("gsk_", "", 32), // Groq
          new Shape("xai-", "", 32),
          new Shape("pplx-", "", 32),
          new Shape("r8_", "", 32), // Replicate
          new Shape("npm_", "", 30),
          new Shape("pypi-", "-_", 50),
          new Shape("dop_v1_", "", 40), // DigitalOcean
          new Shape("shpat_", "", 32), // Shopify
          new Shape("SG.", "-_.", 40), // SendGrid
          new Shape("eyJ", "-_.", 30)); // JSON web tokens

  private static final List<String> SCHEMES = List.of("bearer ", "basic ");

  /** First characters of all the above, so that most words cost one look. */
  private static final boolean[] FIRST = first();

  private static final List<List<Shape>> BY_FIRST =
      IntStream.range(0, FIRST.length)
          .mapToObj(c -> SHAPES.stream().filter(s -> s.prefix.charAt(0) == c).toList())
          .toList();

  private static boolean[] first() {
    boolean[] first = new boolean[128];
    SHAPES.forEach(shape -> first[shape.prefix.charAt(0)] = true);
    SCHEMES.forEach(scheme -> first[scheme.charAt(0)] = true);
    SCHEMES.forEach(scheme -> first[Character.toUpperCase(scheme.charAt(0))] = true);
    return first;
  }

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    String text = passage.text();
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 128 || !FIRST[c] || !passage.startsWord(i)) {
        continue;
      }
      Shape shape = shapeAt(text, i);
      if (shape != null) {
        int end = keyEnd(passage, i, shape);
        if (isKey(passage, i, end, shape)) {
          found.accept(new Span(i, end, EntityType.PASSWORD_OR_SECRET, 0.99));
        }
        // Also past what is no key after all: else "sk-sk-sk-" would be read again at each "sk".
        i = end - 1;
        continue;
      }
      int token = schemeEnd(text, i);
      if (token > 0) {
        int tokenEnd = runEnd(passage, token, "-._~+/=");
        if (tokenEnd - token >= 16 && Plausible.isRandom(text.substring(token, tokenEnd))) {
          found.accept(new Span(token, tokenEnd, EntityType.PASSWORD_OR_SECRET, 0.97));
        }
        i = Math.max(i, tokenEnd - 1);
      }
    }
  }

  private static @Nullable Shape shapeAt(String text, int start) {
    for (Shape shape : BY_FIRST.get(text.charAt(start))) {
      if (text.startsWith(shape.prefix, start)) {
        return shape;
      }
    }
    return null;
  }

  private static int keyEnd(Passage passage, int start, Shape shape) {
    int from = start + shape.prefix.length();
    int end = runEnd(passage, from, shape.marks);
    while (end > from && "-_./+".indexOf(passage.at(end - 1)) >= 0) {
      end--;
    }
    return end;
  }

  private static boolean isKey(Passage passage, int start, int end, Shape shape) {
    int from = start + shape.prefix.length();
    return end - from >= shape.charsMin
        && passage.endsWord(end)
        && Plausible.isRandom(passage.text().substring(from, end))
        && (!shape.prefix.equals("eyJ") || isWebToken(passage.text(), start, end));
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
