package io.mantle.privacy.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What once left unmasked. */
class KnownLeaksTest {
  private static final Detector RULES = Detectors.ofRules();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "+49 30 901820 4111 1111 1111 1111 | PHONE +49 30 901820, CREDIT_CARD 4111 1111 1111 1111",
        "4111 1111 1111 1111 +49 30 901820 | CREDIT_CARD 4111 1111 1111 1111, PHONE +49 30 901820",
        "4111111111111111.0 | CREDIT_CARD 4111111111111111",
        "4111111111111111e0 | CREDIT_CARD 4111111111111111",
        "{\"phone\": 4155552671.0} | PHONE 4155552671",
        "{\"phone\": 14155552671} | PHONE 14155552671",
        "555-0142 | PHONE 555-0142",
        "call 4155552671 | PHONE 4155552671",
        "please text me at 4155552671 | PHONE 4155552671",
        "ssn 536-904399 | SSN 536-904399",
        "SSN: 53690-4399 | SSN 53690-4399",
        "ssn 536 90-4399 | SSN 536 90-4399",
        "cards:1.4111 1111 1111 1111 | CREDIT_CARD 4111 1111 1111 1111",
        "card (4111111111111111) | CREDIT_CARD 4111111111111111",
        "card 12-4111111111111111 | CREDIT_CARD 4111111111111111",
        "4111111111111111, cvv 123 | CREDIT_CARD 4111111111111111, PASSWORD_OR_SECRET 123",
        "CVV: 1234 | PASSWORD_OR_SECRET 1234",
        "91-415-555-0132 | PHONE 91-415-555-0132",
      })
  void detect_textThatOnceLeaked_findsAll(String text, String expected) {
    StringBuilder found = new StringBuilder();
    for (Span span : RULES.detect(new Plaintext(text))) {
      found.append(found.isEmpty() ? "" : ", ").append(span.type()).append(' ');
      found.append(text, span.start(), span.end());
    }
    assertThat(found.toString()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zip 53690-4399 | SSN",
        "0.4111111111111111e3 | CREDIT_CARD",
        "4111111111111111.5 | CREDIT_CARD",
        "call 1755137933 | PHONE",
        "pages 555-601 | PHONE",
      })
  void detect_textThatLooksAlike_findsNone(String text, EntityType type) {
    assertThat(Marked.mark(RULES, text, type)).isEqualTo(text);
  }
}
