package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Specimens of the issuers' own documents where there are any, else numbers whose check digits were
 * worked out by hand from the rule.
 */
class DocumentNumberRecognizerTest {
  private static final Detector RULES = Detectors.ofRules();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SIN ⟦046 454 286⟧ of Canada | NATIONAL_ID",
        "EIN ⟦12-3456789⟧ | NATIONAL_ID",
        "NINO ⟦AB 12 34 56 C⟧, or ⟦AB123456C⟧ | NATIONAL_ID",
        "NHS number ⟦943 476 5919⟧ | MEDICAL_ID",
        "IdNr. ⟦86095742719⟧ and ⟦86 095 742 719⟧ | NATIONAL_ID",
        "Ausweis ⟦T220001293⟧, Personalausweis ⟦L01X00T471⟧ | NATIONAL_ID",
        "⟦2 55 08 14 168 025 38⟧ and ⟦255081416802538⟧ | NATIONAL_ID",
        "DNI ⟦12345678Z⟧, ⟦12345678-Z⟧ y NIE ⟦X1234567L⟧ | NATIONAL_ID",
        "CF ⟦RSSMRA85T10A562S⟧ ok | NATIONAL_ID",
        "BSN ⟦111222333⟧ | NATIONAL_ID",
        "PESEL ⟦44051401359⟧ | NATIONAL_ID",
        "NIP ⟦123-456-32-18⟧ | NATIONAL_ID",
        "⟦811228-9874⟧ and ⟦19811228-9874⟧ | NATIONAL_ID",
        "hetu ⟦131052-308T⟧ | NATIONAL_ID",
        "⟦756.9217.0769.85⟧ | NATIONAL_ID",
        "⟦85.07.30-033.28⟧ | NATIONAL_ID",
        "Aadhaar ⟦2341 2341 2346⟧ and PAN ⟦ABCPE1234F⟧ | NATIONAL_ID",
        "CPF ⟦111.444.777-35⟧, CNPJ ⟦11.222.333/0001-81⟧ | NATIONAL_ID",
        "TFN ⟦123 456 782⟧ | NATIONAL_ID",
        "ABN ⟦51 824 753 556⟧ | NATIONAL_ID",
        "NRIC ⟦S1234567D⟧ | NATIONAL_ID",
        "routing number ⟦021000021⟧ | BANK_ACCOUNT",
        "NPI ⟦1234567893⟧ | MEDICAL_ID",
        "DEA ⟦AB1234563⟧ | MEDICAL_ID",
        "⟦1EG4-TE5-MK73⟧ | MEDICAL_ID",
        "passport no. ⟦X1234567⟧ and passport ⟦AB1234567⟧ | PASSPORT",
        "sort code ⟦20-00-00⟧ | BANK_ACCOUNT",
      })
  void detect_numberWithItsName_isFound(String marked, EntityType type) {
    assertThat(Marked.mark(RULES, Marked.plain(marked), type)).isEqualTo(marked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the sums 146 454 287 and 046454286 differ",
        "AB 12 34 56 E and BG123456A",
        "1234567893 at 1755137933",
        "12345678A and X1234567M",
        "RSSMRA85T10A562T",
        "44051401358 items, 86095742719 rows",
        "756.9217.0769.84",
        "2341 2341 2347",
        "111.444.777-36",
        "51 824 753 558",
        "S1234567E x",
        "rows 021000021 and 111222333 match",
        "550e8400-e29b-41d4-a716-446655440000",
        "9d8ae41c2c5d9e7bd3a1a02a4ec2d3d0b0f8a1b2",
        "v1.22.333 and 20250807123456 and 3.14159265358979",
        "AB1234 and SKU-99812 and RFC 7519 and ISO 13616-1:2020",
        "chatcmpl-C4HqHBe4xca0k0EzsCnf1t6V3YFXp",
        "x = 123456789; y = 111222333444;",
        "order 123456789, ticket 998877, build 20250807",
        "the account has 250000 dollars",
      })
  void detect_numbersOfOtherThings_areNotFound(String text) {
    assertThat(RULES.detect(new Plaintext(text))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "passport number ⟦XG9382049⟧ | PASSPORT",
        "\"passport_number\": \"⟦KR8129301⟧\" | PASSPORT",
        "driver's license ⟦K932-778-3840⟧ | DRIVER_LICENSE",
        "Patient ID ⟦AHC-0933289⟧ | MEDICAL_ID",
        "insurance policy #⟦88291-LK⟧ | MEDICAL_ID",
        "bank account ⟦7391028373⟧ | BANK_ACCOUNT",
        "Kontonummer: ⟦7391028373⟧ | BANK_ACCOUNT",
        "federal tax ID number ⟦91-3456789⟧ | NATIONAL_ID",
        "Voter ID is ⟦DBJ2289013⟧ | NATIONAL_ID",
        "Reisepassnummer ⟦C01X00T47⟧ | PASSPORT",
      })
  void detect_numberThatWordsName_isFound(String marked, EntityType type) {
    assertThat(Marked.mark(RULES, Marked.plain(marked), type)).isEqualTo(marked);
  }
}
