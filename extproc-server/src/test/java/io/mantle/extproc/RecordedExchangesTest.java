package io.mantle.extproc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import io.mantle.extproc.scripted.SharedCases;
import io.mantle.extproc.scripted.SharedCases.Recorded;
import io.mantle.extproc.value.TokenCounts;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Recorded traffic in which nothing is private passes byte for byte, both ways. */
class RecordedExchangesTest {
  private static final String ASK = ",\"stream_options\":{\"include_usage\":true}";

  @Test
  void recorded_bothWays_isUntouched() throws Exception {
    for (Recorded recorded : SharedCases.recorded()) {
      Sent sent = Gateway.of().sendTo(recorded.path(), recorded.request());
      assertThat(withoutAsking(sent)).as(recorded.name()).isEqualTo(recorded.request());
      assertThat(sent.departure().call().answer().restoration().isEmpty())
          .as(recorded.name())
          .isTrue();
      assertAnswered(sent, recorded, recorded.response());
    }
  }

  @Test
  void recordedStream_usageAddedOnOurAccount_isNotNoticedByTheClient() throws Exception {
    int streams = 0;
    for (Recorded recorded : SharedCases.recorded()) {
      Sent sent = Gateway.of().sendTo(recorded.path(), recorded.request());
      if (recorded.isStreamed() && sent.departure().call().answer().usageAdded()) {
        streams++;
        assertAnswered(sent, recorded, withUsage(recorded.response()));
      }
    }
    assertThat(streams).isPositive();
  }

  /** Takes the one edit back that a request without private values may have. */
  private static String withoutAsking(Sent sent) {
    String upstream = sent.upstream();
    if (!sent.departure().call().answer().usageAdded()) {
      return upstream;
    }
    assertThat(upstream).containsOnlyOnce(ASK);
    return upstream.replace(ASK, "");
  }

  private static void assertAnswered(Sent sent, Recorded recorded, String provider)
      throws Exception {
    byte[] bytes = provider.getBytes(UTF_8);
    String type = recorded.isStreamed() ? Sent.SSE : Sent.JSON;
    assertThat(sent.answer(type, provider)).as(recorded.name()).isEqualTo(recorded.response());
    Random random = new Random(7);
    for (int run = 0; run < 30; run++) {
      int[] cuts = random.ints(random.nextInt(1, 60), 0, bytes.length + 1).sorted().toArray();
      assertThat(sent.answer(type, bytes, cuts)).isEqualTo(recorded.response().getBytes(UTF_8));
    }
    TokenCounts tokens = tokens(sent, type, bytes);
    boolean tells = !recorded.isStreamed() || provider.contains("\"usage\":{");
    if (recorded.status() == 200 && tells) {
      assertThat(tokens).as(recorded.name()).isNotNull();
    }
  }

  private static TokenCounts tokens(Sent sent, String type, byte[] bytes) throws Exception {
    var pipeline = sent.answering(200, type);
    pipeline.accept(bytes);
    pipeline.finish();
    TokenCounts tokens = pipeline.tokens();
    return tokens == null ? new TokenCounts(0, 0) : tokens;
  }

  /** As OpenAI does it: a null in each chunk, and a last chunk without choices. */
  private static String withUsage(String stream) {
    String usage =
        """
        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[],\
        "usage":{"prompt_tokens":8,"completion_tokens":10,"total_tokens":18},"obfuscation":"x"}

        """;
    return stream
        .replace(",\"choices\":[", ",\"usage\":null,\"choices\":[")
        .replace("data: [DONE]", usage + "data: [DONE]");
  }
}
