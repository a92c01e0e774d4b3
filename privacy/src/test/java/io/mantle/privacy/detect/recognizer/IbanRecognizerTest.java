package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.value.EntityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IbanRecognizerTest {
  private static final Detector RULES = Detectors.ofRules();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IBAN: ⟦DE89370400440532013000⟧.",
        "⟦GB82 WEST 1234 5698 7654 32⟧ and ⟦FR14 2004 1010 0505 0001 3M02 606⟧",
        "⟦gb82west12345698765432⟧",
        "⟦NO93 8601 1117 947⟧",
        "⟦MT84MALT011000012345MTLCAST001S⟧",
        "(⟦CH93-0076-2011-6238-5295-7⟧)"
      })
  void detect_textThatHoldsSome_findsThoseAlone(String marked) {
    assertThat(Marked.mark(RULES, Marked.plain(marked), EntityType.IBAN)).isEqualTo(marked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DE89370400440532013001",
        "GB82 WEST 1234 5698 7654 3",
        "XX89370400440532013000",
        "xDE89370400440532013000",
        "DE89370400440532013000x",
        "AB12 CD34"
      })
  void detect_textThatHoldsNone_findsNone(String text) {
    assertThat(Marked.mark(RULES, text, EntityType.IBAN)).isEqualTo(text);
  }
}
