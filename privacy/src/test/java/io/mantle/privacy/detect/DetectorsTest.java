package io.mantle.privacy.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectorsTest {
  private static final Detector DETECTOR = Detectors.standard();

  private static final String MIXED =
      "I am Jane Smith (jane.smith@example.com, +1 415 555 0132). Card 4111 1111 1111 1111,"
          + " IBAN DE89 3704 0044 0532 0130 00, SSN 536-90-4399, host 192.168.1.1.";

  @Test
  void detect_textWithManyKinds_findsEachOnce() {
    assertThat(DETECTOR.detect(new Plaintext(MIXED)))
        .extracting(Span::type)
        .containsExactly(
            EntityType.PERSON,
            EntityType.EMAIL,
            EntityType.PHONE,
            EntityType.CREDIT_CARD,
            EntityType.IBAN,
            EntityType.SSN,
            EntityType.IP);
  }

  @Test
  void detect_privateKeyBlock_isOneSpan() {
    String key =
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEow+/A0=\nq1w2e3\n-----END RSA PRIVATE KEY-----";
    String open = "-----BEGIN PRIVATE KEY-----\\nMIIEow+/A0=\\n";

    assertThat(Marked.mark(DETECTOR, "x " + key + " y", EntityType.PASSWORD_OR_SECRET))
        .isEqualTo("x ⟦" + key + "⟧ y");
    assertThat(Marked.mark(DETECTOR, open, EntityType.PASSWORD_OR_SECRET))
        .isEqualTo("⟦" + open + "⟧");
  }

  @Test
  void detect_credentialsInUrl_areNotTakenForAnAddress() {
    assertThat(DETECTOR.detect(new Plaintext("https://bob:pw1@db.example.com/")))
        .extracting(Span::type)
        .containsExactly(EntityType.PASSWORD_OR_SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@a@a@",
        "1 1 1 1 ",
        "((((",
        ":::::",
        "sk-",
        "eyJ.",
        "password ",
        "password=",
        "://",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN ",
        "Bearer ",
        "(+14155550132 ",
        "1-2-",
        "a.b@c.",
        "Aa ",
        "AB12 ",
        "::1 ",
        "00:",
        "1.1.1.1.",
        "x@x.",
        "\"password\":\"",
        "e\u0301",
        "\ud83d\ude00",
        "\ud83d",
        "\n",
        "+1 ",
        "0",
        "sqlplus ",
        "curl -u x ",
        "phrase: abc ",
        "x@tcp(",
        "user ",
        "a@b.c:",
        "hooks.slack.com/services/",
        "$6$",
        "$5$a1B2c3 "
      })
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void detect_aMegabyteOfTheSame_endsSoonWithSpansInOrder(String part) {
    String text = part.repeat((1 << 20) / part.length());

    assertOrdered(DETECTOR.detect(new Plaintext(text)), text.length());
  }

  @Test
  void detect_randomText_givesSpansInOrder() {
    Random random = new Random(7);
    String alphabet = "Jane Smith@.com:/-+()0123456789ab'\"=\n\\\u00e9\u0301\ud83d\ude00";
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(200);
      for (int i = 0; i < length; i++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertOrdered(DETECTOR.detect(new Plaintext(text.toString())), length);
    }
  }

  @Test
  void detect_manyThreads_findTheSame() throws Exception {
    List<Span> expected = DETECTOR.detect(new Plaintext(MIXED));
    Callable<Boolean> task =
        () -> {
          boolean same = true;
          for (int i = 0; i < 20; i++) {
            same &= DETECTOR.detect(new Plaintext(MIXED)).equals(expected);
          }
          return same;
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        results.add(threads.submit(task));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
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
