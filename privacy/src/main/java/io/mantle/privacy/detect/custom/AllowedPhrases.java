package io.mantle.privacy.detect.custom;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** The phrases that may leave. Immutable. */
final class AllowedPhrases {
  /** A finding longer than this many times the longest phrase cannot be one, however spaced. */
  private static final int SPACING_MAX = 4;

  private final Set<String> phrases = new HashSet<>();
  private final PhraseAutomaton<Boolean> anywhere;
  private final int charsMax;

  AllowedPhrases(List<Plaintext> allowed) {
    PhraseAutomaton.Builder<Boolean> builder = new PhraseAutomaton.Builder<>();
    int longest = 0;
    for (Plaintext phrase : allowed) {
      phrases.add(key(phrase.reveal()));
      builder.add(phrase.reveal(), true);
      longest = Math.max(longest, phrase.length());
    }
    anywhere = builder.build();
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

  /** Those of the spans that do not lie within a phrase of the list. */
  List<Span> without(String text, List<Span> spans) {
    if (phrases.isEmpty() || spans.isEmpty()) {
      return spans;
    }
    NavigableMap<Integer, Integer> ends = new TreeMap<>();
    anywhere.find(text, (start, end, _) -> ends.merge(start, end, Math::max));
    int furthest = 0;
    for (Map.Entry<Integer, Integer> place : ends.entrySet()) {
      furthest = Math.max(furthest, place.getValue());
      place.setValue(furthest);
    }
    return spans.stream().filter(span -> !isWithin(span, ends)).toList();
  }

  private static boolean isWithin(Span span, NavigableMap<Integer, Integer> furthestEnds) {
    Map.Entry<Integer, Integer> before = furthestEnds.floorEntry(span.start());
    return before != null && before.getValue() >= span.end() && mayAllow(span.type());
  }

  static boolean mayAllow(EntityType type) {
    return type != EntityType.PASSWORD_OR_SECRET && type != EntityType.CREDIT_CARD;
  }

  private static String key(String phrase) {
    return FoldedText.key(Normalizer.normalize(phrase, Normalizer.Form.NFKC));
  }
}
