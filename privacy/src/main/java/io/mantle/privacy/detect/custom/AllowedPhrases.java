package io.mantle.privacy.detect.custom;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The phrases that may leave. Immutable. */
final class AllowedPhrases {
  /** A finding longer than this many times the longest phrase cannot be one, however spaced. */
  private static final int SPACING_MAX = 4;

  private final Set<String> phrases = new HashSet<>();
  private final int charsMax;

  AllowedPhrases(List<Plaintext> allowed) {
    int longest = 0;
    for (Plaintext phrase : allowed) {
      phrases.add(key(phrase.reveal()));
      longest = Math.max(longest, phrase.length());
    }
    charsMax = longest * SPACING_MAX;
  }

  boolean isEmpty() {
    return phrases.isEmpty();
  }

  /**
   * Whether what was found is one of the phrases. Secrets and card numbers never are: a list that
   * holds one is more likely a mistake than a wish, and it would outlive the reason for it.
   */
  boolean allow(String text, Span found) {
    return !phrases.isEmpty()
        && mayAllow(found.type())
        && found.length() <= charsMax
        && phrases.contains(key(text.substring(found.start(), found.end())));
  }

  static boolean mayAllow(EntityType type) {
    return type != EntityType.PASSWORD_OR_SECRET && type != EntityType.CREDIT_CARD;
  }

  private static String key(String phrase) {
    return FoldedText.key(Normalizer.normalize(phrase, Normalizer.Form.NFKC));
  }
}
