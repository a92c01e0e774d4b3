package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.value.EntityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneRecognizerTest {
  private static final Detector RULES = Detectors.ofRules();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "call ⟦+1 415 555 0132⟧ now",
        "⟦(415) 555-0132⟧, ⟦415-555-0132⟧, ⟦415.555.0132⟧",
        "⟦555-867-5309 x123⟧ or ⟦1-800-555-0199⟧",
        "⟦+44 20 7946 0958⟧; ⟦+49 (0)30 901820⟧",
        "tel:⟦+4930901820⟧",
        "⟦030 901820⟧ and ⟦0341 8387176⟧",
        "Phone: ⟦5551234⟧",
        "my mobile is ⟦4155550132⟧",
        "⟦01.84.17.61.18⟧",
        "Phone:\n⟦51 516 33 75⟧\n\nE-mail",
        "⟦455 6186⟧ office",
        "⟦2546712361⟧ fax",
        "(⟦+1-704-555-1000⟧)"
      })
  void detect_textThatHoldsSome_findsThoseAlone(String marked) {
    assertThat(Marked.mark(RULES, Marked.plain(marked), EntityType.PHONE)).isEqualTo(marked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1755137933 and 4155550132",
        "2025-08-07 12:30:45 and 07.08.2025 10:00",
        "gpt-5-nano-2025-08-07",
        "550e8400-e29b-41d4-a716-446655440000",
        "1 + 2 = 3, 100 200 300",
        "-0.00000001 and 1e9999 and 123123e100000",
        "978-3-16-148410-0",
        "192.168.100.200 and 10.0.0.1",
        "$1,234,567.89 and 1.234.567,89",
        "chatcmpl-C4HqHBe4xca0k0EzsCnf1t6V3YFXp",
        "call_1234567890",
        "pages 100-200, 300-400",
        "0.123 456 789",
        "v1.22.333-4444",
        "+1 and +2",
        "1 2 3 4 5 6 7 8 9 10"
      })
  void detect_textThatHoldsNone_findsNone(String text) {
    assertThat(Marked.mark(RULES, text, EntityType.PHONE)).isEqualTo(text);
  }
}
