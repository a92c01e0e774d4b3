package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.value.EntityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacRecognizerTest {
  private static final Detector RULES = Detectors.ofRules();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MAC ⟦00:1A:2B:3C:4D:5E⟧.",
        "⟦aa-bb-cc-dd-ee-ff⟧ and ⟦0012.3456.789a⟧",
        "eui ⟦01:23:45:67:89:ab:cd:ef⟧",
        "[⟦de:ad:be:ef:00:01⟧]"
      })
  void detect_textThatHoldsSome_findsThoseAlone(String marked) {
    assertThat(Marked.mark(RULES, Marked.plain(marked), EntityType.MAC)).isEqualTo(marked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00:1A:2B:3C:4D",
        "00:1A:2B:3C:4D:5E:6F",
        "SHA1 aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd",
        "1234.5678.9012",
        "550e8400-e29b-41d4-a716-446655440000",
        "12:30:45 to 12:30:50",
        "xaa-bb-cc-dd-ee-ff"
      })
  void detect_textThatHoldsNone_findsNone(String text) {
    assertThat(Marked.mark(RULES, text, EntityType.MAC)).isEqualTo(text);
  }
}
