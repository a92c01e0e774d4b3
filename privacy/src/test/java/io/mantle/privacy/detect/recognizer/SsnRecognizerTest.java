package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.value.EntityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SsnRecognizerTest {
  private static final Detector RULES = Detectors.ofRules();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSN ⟦536-90-4399⟧",
        "⟦078-05-1120⟧ and ⟦219-09-9999⟧",
        "ssn: ⟦536904399⟧",
        "his social security number is ⟦536 90 4399⟧.",
        "⟦078.05.1123⟧",
        "⟦912-70-1234⟧",
        " ⟦908-03-0695⟧\n"
      })
  void detect_textThatHoldsSome_findsThoseAlone(String marked) {
    assertThat(Marked.mark(RULES, Marked.plain(marked), EntityType.SSN)).isEqualTo(marked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "000-12-3456 and 666-12-3456",
        "123-00-4567 and 123-45-0000",
        "536904399",
        "1536-90-4399 and 536-90-43991",
        "536-90 4399",
        "2536-90-4399-1",
        "912 70 1234",
        "908 03 0695",
        "case 908-03-0695"
      })
  void detect_textThatHoldsNone_findsNone(String text) {
    assertThat(Marked.mark(RULES, text, EntityType.SSN)).isEqualTo(text);
  }
}
