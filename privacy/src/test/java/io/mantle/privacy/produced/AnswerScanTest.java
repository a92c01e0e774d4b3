package io.mantle.privacy.produced;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.privacy.detect.DetectionOverrunException;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.rehydrate.Rehydrator.Restored;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.PrivacyPolicy;
import io.mantle.privacy.value.Span;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerScanTest {
  /** A number of four groups is a card, any other run of five digits a telephone number. */
  private static final Pattern NUMBERS =
      Pattern.compile("(?<card>\\d{4}( \\d{4}){3})|(?<phone>\\d[\\d-]{4,})");

  private static final Detector DETECTOR =
      text -> NUMBERS.matcher(text.reveal()).results().map(AnswerScanTest::span).toList();

  private static Span span(MatchResult found) {
    EntityType type = found.group("card") == null ? EntityType.PHONE : EntityType.CREDIT_CARD;
    return new Span(found.start(), found.end(), type, 1);
  }

  private static AnswerScan scan(boolean blocks, String... said) {
    PrivacyPolicy actions =
        new PrivacyPolicy(
            Map.of(EntityType.PHONE, Action.SUBSTITUTE, EntityType.CREDIT_CARD, Action.BLOCK));
    return new AnswerScan(
        blocks,
        new Examination(DETECTOR, actions),
        List.of(said).stream().map(Plaintext::new).toList());
  }

  private static String whole(Scanner scanner, String text) {
    return scanner.accept(text, List.of()) + scanner.finish();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          call 555-0100-1 now         | call 555-0100-1 now
          call 55501001               | call 55501001
          call 555-0199-1 now         | call [PHONE] now
          4012 8888 8888 1881, 777777 | [CREDIT_CARD], [PHONE]
          nothing                     | nothing
          """)
  void text_withNumbers_keepsThoseOfThePrompt(String answer, String expected) {
    AnswerScan scan = scan(false, "I am (555) 0100 1.");
    assertThat(whole(scan.text(), answer)).isEqualTo(expected);
  }

  @Test
  void text_thatWasRestored_isLeftAlone() {
    AnswerScan scan = scan(false);
    Scanner scanner = scan.text();
    String said = scanner.accept("to 123456 or ", List.of(new Restored(3, 9)));
    said += scanner.accept("654321", List.of());
    assertThat(said + scanner.finish()).isEqualTo("to 123456 or [PHONE]");
    assertThat(scan.found()).isEqualTo(Map.of(EntityType.PHONE, 1));
  }

  @Test
  void text_ofATypeThatIsAllowed_isLeftAlone() {
    AnswerScan scan =
        new AnswerScan(false, new Examination(DETECTOR, new PrivacyPolicy(Map.of())), List.of());
    assertThat(whole(scan.text(), "call 55501001")).isEqualTo("call 55501001");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void text_cutAnywhere_isTheSameAsWholeAndLittleIsHeld(long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      text.append(
          switch (random.nextInt(8)) {
            case 0 -> "4012 8888 8888 1881";
            case 1 -> "555-0199-1";
            case 2 -> "123456";
            case 3 -> "\n";
            case 4 -> "\ud83d\ude00".repeat(random.nextInt(40));
            case 5 -> "w".repeat(random.nextInt(700));
            default -> " word ";
          });
    }
    String expected = whole(scan(false, "123456").text(), text.toString());
    assertThat(expected).contains("[CREDIT_CARD]", "[PHONE]");

    Scanner scanner = scan(false, "123456").text();
    StringBuilder said = new StringBuilder();
    for (int at = 0; at < text.length(); ) {
      int end = Math.min(text.length(), at + random.nextInt(1, 30));
      said.append(scanner.accept(text.substring(at, end), List.of()));
      assertThat(scanner.heldChars()).isLessThanOrEqualTo(2 * TextScanner.SEGMENT_CHARS);
      at = end;
    }
    assertThat(said.append(scanner.finish()).toString()).isEqualTo(expected);
  }

  @Test
  void text_withAValueOverTheEndOfASegment_isMaskedFromThereOn() {
    String before = "w".repeat(TextScanner.SEGMENT_CHARS);
    assertThat(whole(scan(false).text(), before + " 4012 8888 8888 1881."))
        .isEqualTo(before + " [CREDIT_CARD].");
  }

  @Test
  void json_withNumbers_staysAJsonTextAndIsMasked() {
    AnswerScan scan = scan(false, "55501001");
    String source = "{\"a\":\"\\n555-0199-1\",\"55501001\":[777777,12,\"55501001\"]}";
    Scanner scanner = scan.jsonSource();
    assertThat(scanner.accept(source.substring(0, 9), List.of())).isEmpty();
    assertThat(scanner.accept(source.substring(9), List.of()) + scanner.finish())
        .isEqualTo("{\"a\":\"\\n[PHONE]\",\"55501001\":[0,12,\"55501001\"]}");
  }

  @Test
  void json_whoseValueWasRestored_isLeftAlone() {
    String source = "{\"\u00e9\u20ac\":\"555-0199-1 or 555-0100-1\",\"n\":777777,\"m\":888888}";
    int said = source.indexOf("555-0100-1");
    int number = source.indexOf("777777");
    Scanner scanner = scan(false).jsonSource();
    scanner.accept(source.substring(0, 9), List.of());
    scanner.accept(
        source.substring(9),
        List.of(new Restored(said - 9, said - 9 + 10), new Restored(number - 9, number - 9 + 6)));
    assertThat(scanner.finish())
        .isEqualTo("{\"\u00e9\u20ac\":\"[PHONE] or 555-0100-1\",\"n\":777777,\"m\":0}");
  }

  @Test
  void json_thatIsNone_isReadAsText() {
    assertThat(whole(scan(false).jsonSource(), "{\"a\": 555-0199-1")).isEqualTo("{\"a\": [PHONE]");
  }

  @Test
  void text_withWhatIsBlocked_endsBeforeItsSegment() {
    Scanner scanner = scan(true).text();
    assertThat(scanner.accept("fine\ncall 555", List.of())).isEqualTo("fine\n");
    assertThatThrownBy(() -> scanner.accept("-0199-1\n", List.of()))
        .isInstanceOfSatisfying(
            AnswerBlockedException.class, e -> assertThat(e.type()).hasValue(EntityType.PHONE));
  }

  @Test
  void text_thatCannotBeExamined_ends() {
    Detector overrun =
        text -> {
          throw new DetectionOverrunException("too much");
        };
    AnswerScan scan =
        new AnswerScan(false, new Examination(overrun, new PrivacyPolicy(Map.of())), List.of());
    assertThatThrownBy(() -> whole(scan.text(), "text"))
        .isInstanceOfSatisfying(AnswerBlockedException.class, e -> assertThat(e.type()).isEmpty());
  }

  @Test
  void none_isOff() {
    assertThat(AnswerScan.NONE.isOn()).isFalse();
  }
}
