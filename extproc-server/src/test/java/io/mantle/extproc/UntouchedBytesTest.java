package io.mantle.extproc;

import static io.mantle.extproc.scripted.SpokenText.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bodies spelled as no serialiser would: with the values put back, what left is what came, byte for
 * byte, and the same of an answer.
 */
class UntouchedBytesTest {
  private static final int RUNS = 150;
  private static final List<String> VALUES =
      List.of(
          "jane.doe@corp.example",
          "4111 1111 1111 1111",
          "+1 415 555 0142",
          "219-09-9999",
          "203.0.113.77",
          "DE89 3704 0044 0532 0130 00");

  /** JSON, spelled oddly; a {@code #} is a value. */
  private static final List<String> ODD =
      List.of(
          "1.50e+03",
          "-0",
          "\"\\u0041\\/\\u00e9\\ud83d\\ude00\"",
          "[ ]",
          "{\t}",
          "{\"a\" : 1,\"a\":2 }",
          "\"Write to # now, \\u0022please\\u0022\\n\"",
          "[\"x\",\t\"# \", null ]",
          "{ \"\\u006b\":\"see #\" ,\"z\":[[ true]]}",
          "\"{\\\"in\\\" : \\\"has #, \\\\u00e9\\\"}\"",
          "\"\u2028 \u00e9 \ud83d\ude00 #\"");

  private static final List<String> SPACES = List.of("", " ", "\n  ", "\t", "\r\n");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void bytes_aroundEdits_areTheSame(long seed) throws Exception {
    Random random = new Random(seed);
    int masked = 0;
    for (int run = 0; run < RUNS; run++) {
      String request = request(random);
      Sent sent = Gateway.of().send(request);
      VALUES.forEach(value -> assertThat(sent.upstream()).doesNotContain(value));
      String back =
          sent.departure().call().answer().restoration().restoreJsonSource(sent.upstream());
      assertThat(back).isEqualTo(request);
      masked += sent.departure().call().found().entities().isEmpty() ? 0 : 1;

      byte[] answer = sent.upstream().getBytes(UTF_8);
      assertThat(new String(sent.answer(Sent.JSON, answer, answer.length / 2), UTF_8))
          .isEqualTo(request);
    }
    assertThat(masked).isGreaterThan(RUNS / 2);
  }

  private static String request(Random random) {
    StringBuilder body = new StringBuilder("{").append(space(random)).append("\"model\":\"m\"");
    body.append(space(random)).append(",\"messages\": [{\"role\":\"user\",\"content\":");
    body.append(quoted(random.nextBoolean() ? "hello" : "I am at #, thanks")).append("}]");
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      body.append(space(random)).append(",").append(space(random));
      body.append("\"field").append(i).append("\":").append(space(random));
      body.append(ODD.get(random.nextInt(ODD.size())));
    }
    body.append(space(random)).append("}").append(space(random));
    while (body.indexOf("#") >= 0) {
      int at = body.indexOf("#");
      body.replace(at, at + 1, VALUES.get(random.nextInt(VALUES.size())));
    }
    return body.toString();
  }

  private static String space(Random random) {
    return SPACES.get(random.nextInt(SPACES.size()));
  }
}
