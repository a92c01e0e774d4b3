package io.mantle.privacy.detect.disguise;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values written so that a detector may miss them, and texts that only look so. */
class EvasionTest {
  private static final Detector RULES = Detectors.ofRules();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "card ⟦\uff14\uff11\uff11\uff11 \uff11\uff11\uff11\uff11 \uff11\uff11\uff11\uff11 \uff11\uff11\uff11\uff11⟧ ok | CREDIT_CARD",
        "⟦4\u200b111 1111\u2060 1111 1111⟧ | CREDIT_CARD",
        "\u202e⟦4111 1111 1111 1111⟧\u202c | CREDIT_CARD",
        "⟦4\u03361\u03361\u03361\u0336 1111 1111 1111⟧ | CREDIT_CARD",
        "⟦\u0664\u0661\u0661\u0661 \u0661\u0661\u0661\u0661 \u0661\u0661\u0661\u0661 \u0661\u0661\u0661\u0661⟧ | CREDIT_CARD",
        "⟦4l11 1111 1111 1111⟧ | CREDIT_CARD",
        "⟦4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1⟧ | CREDIT_CARD",
        "ssn: ⟦5 3 6 9 0 4 3 9 9⟧! | SSN",
        "SSN ⟦536-9O-4399⟧ | SSN",
        "⟦jane\u200b@exam\u00adple.com⟧, \ud83d\ude00 ⟦j\u0430ne@\u0435xample.com⟧ | EMAIL",
        "⟦jane&#64;example&#46;com⟧ and ⟦jane&commat;example.com⟧ and ⟦jane&#x40;example.com⟧ | EMAIL",
        "?to=⟦jane%40example.com⟧&x=1 | EMAIL",
        "\"⟦jane\\u0040example.com⟧\" | EMAIL",
        "write to ⟦john at example dot com⟧ now | EMAIL",
        "⟦john [at] example [dot] com⟧ or ⟦jane (at) example.org⟧ | EMAIL",
        "⟦\uff4a\uff41\uff4e\uff45\uff20\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45.com⟧ | EMAIL",
        "call ⟦(\uff14\uff11\uff15) \uff15\uff15\uff15-\uff10\uff11\uff13\uff12⟧ | PHONE",
        "⟦+49&nbsp;30&nbsp;901820⟧ | PHONE",
        // "email jane@example.com please", "card 4111 1111 1111 1111"
        "send ⟦ZW1haWwgamFuZUBleGFtcGxlLmNvbSBwbGVhc2U=⟧ now | PASSWORD_OR_SECRET",
        "⟦Y2FyZCA0MTExIDExMTEgMTExMSAxMTEx⟧ | PASSWORD_OR_SECRET",
      })
  void detect_valueInDisguise_isFoundWhereItStands(String marked, EntityType type) {
    assertThat(Marked.mark(RULES, Marked.plain(marked), type)).isEqualTo(marked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "meet at noon, then dot the i",
        "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440 \u0432 2025\u0433",
        "a&amp;b, 100%25 and \\u00e9",
        "1 2 3 4 5 6 7 8 9 10",
        "\ud83d\udc69\u200d\ud83d\udcbb says hi \u2764\ufe0f",
        "aGVsbG8gd29ybGQgaG93IGFyZSB5b3U=",
        "10l of water, 5O and O5, l0",
        "x\u00b2 + y\u00b2 = z\u00b2 and \u00bd cup",
        "%s %d %20 &copy; &; \\x \\u{} \\u{zz}",
      })
  void detect_plainTextWithSuchMarks_findsNone(String text) {
    assertThat(RULES.detect(new Plaintext(text))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "&",
        "&#",
        "&#6",
        "%",
        "%4",
        "\\u00",
        "\\u{",
        " at x dot ",
        "dot at ",
        "1 ",
        "4l",
        "AB 12 ",
        "user ",
        "user: ",
        "login=",
        "@a1 ",
        "www.",
        "http://a",
        "May 1 ",
        "12.",
        "12/12/",
        "passport no ",
        "a-1",
        "QUJD",
        "1A1zP1",
        "0x1",
        "\u200b",
        "\u0430a",
        "Monday",
        "&amp;",
        "999 ",
        "e\u0301",
        "\uff11",
        "\ud835\udfcf",
        "4111 1111 1111 1111 ",
        "bc1q"
      })
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void detect_aMegabyteOfTheSame_endsSoonWithSpansInOrder(String part) {
    String text = part.repeat((1 << 20) / part.length());
    assertOrdered(RULES.detect(new Plaintext(text)), text.length());
  }

  @Test
  void detect_randomDisguises_giveTheSameSpansInOrderEachTime() {
    Random random = new Random(11);
    String[] parts = {
      "4111 1111 1111 1111", "jane", "@", " at ", " dot ", "example", ".com", "&#64;", "%40",
      "\\u0040", "\u200b", "\u0301", "\uff11", "\u0661", "\u0430", "\ud835\udfcf", "\ud83d", " ",
      "1", "l", "O", "-", "\n", "SSN ", "born ", "12 March 1984", "ZW1haWwgamFuZUBleGFtcGxlLmNvbQ",
      "=", "http://", "user: ", "[at]", "&", "%", "\\", "AB123456C", "+49 30 901820"
    };
    for (int round = 0; round < 3_000; round++) {
      StringBuilder text = new StringBuilder();
      int count = random.nextInt(14);
      for (int i = 0; i < count; i++) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      Plaintext plaintext = new Plaintext(text.toString());
      List<Span> spans = RULES.detect(plaintext);
      assertOrdered(spans, text.length());
      assertThat(RULES.detect(plaintext)).isEqualTo(spans);
    }
  }

  private static void assertOrdered(List<Span> spans, int length) {
    int free = 0;
    for (Span span : spans) {
      assertThat(span.start()).isGreaterThanOrEqualTo(free);
      free = span.end();
    }
    assertThat(free).isLessThanOrEqualTo(length);
  }
}
