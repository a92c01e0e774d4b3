package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.value.EntityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CardRecognizerTest {
  private static final Detector RULES = Detectors.ofRules();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "my card ⟦4111111111111111⟧ please",
        "the limit for card ⟦501864667909⟧?",
        "i have lost my card ⟦3521213764418045⟧.",
        "⟦4111 1111 1111 1111⟧, exp 12/27",
        "⟦5555-5555-5555-4444⟧",
        "Amex ⟦3782 822463 10005⟧ or ⟦378282246310005⟧",
        "⟦30569309025904⟧ (Diners)",
        "⟦6011111111111117⟧",
        "⟦3530111333300000⟧.",
        "\"⟦2223003122003222⟧\"",
        "é ⟦4222222222222⟧",
        "⟦6759649826438453⟧"
      })
  void detect_textThatHoldsSome_findsThoseAlone(String marked) {
    assertThat(Marked.mark(RULES, Marked.plain(marked), EntityType.CREDIT_CARD)).isEqualTo(marked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111111111111112",
        "1755137933 and 1755137933000 and 1755137933000000000",
        "550e8400-e29b-41d4-a716-446655440000",
        "41111111-1111-1111-1111-111111111111",
        "x4111111111111111 and 4111111111111111y",
        "0.4111111111111111 and 4111111111111111.5",
        "123123e100000 and 1e9999",
        "20250807123456",
        "1234567890123456",
        "3521213764418045",
        "501864667909"
      })
  void detect_textThatHoldsNone_findsNone(String text) {
    assertThat(Marked.mark(RULES, text, EntityType.CREDIT_CARD)).isEqualTo(text);
  }
}
