package io.mantle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.bench.load.Address;
import io.mantle.bench.load.LoadClient;
import io.mantle.bench.load.Measure;
import io.mantle.bench.load.WrongAnswerException;
import io.mantle.bench.prompt.Delivery;
import io.mantle.bench.prompt.Prompt;
import io.mantle.bench.prompt.Prompts;
import io.mantle.bench.prompt.Prompts.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The load client and the provider, with nothing between them: what every figure rests on. */
class ProviderProcessTest {
  private static final long NANOS = 200_000_000;

  @Test
  void everyDelivery_withNothingBetween_isReadToTheLetter() throws Exception {
    try (ProviderProcess provider = ProviderProcess.start();
        LoadClient client = new LoadClient(new Address(provider.port(Arm.DIRECT), ""), 8)) {
      for (Kind kind : Kind.values()) {
        LoadClient.Block whole = client.closedLoop(Prompts.of(kind, Delivery.WHOLE), 4, NANOS);
        assertThat(whole.requests()).isPositive();
        LoadClient.Block streamed =
            client.closedLoop(Prompts.of(kind, Delivery.STREAMED), 4, NANOS);
        assertThat(streamed.recording().has(Measure.FIRST_TEXT)).isTrue();
      }
    }
  }

  @Test
  void pacedStreams_takeTheirTime_howeverManyThereAre() throws Exception {
    try (ProviderProcess provider = ProviderProcess.start();
        LoadClient client = new LoadClient(new Address(provider.port(Arm.DIRECT), ""), 8)) {
      LoadClient.Block block =
          client.openLoop(Prompts.of(Kind.PRIVATE_1K, Delivery.PACED), NANOS / 4, NANOS);
      assertThat(block.requests()).isEqualTo(4);
      double paceMillis = (Delivery.PACED_CHUNKS - 1) * Delivery.PACE_MILLIS;
      assertThat(block.recording().millisAt(Measure.ANSWER, 50)).isGreaterThan(0.9 * paceMillis);
    }
  }

  @Test
  void privateValues_thatReachTheProvider_areCountedByWay() throws Exception {
    try (ProviderProcess provider = ProviderProcess.start();
        LoadClient client = new LoadClient(new Address(provider.port(Arm.MANTLE), ""), 1)) {
      long open =
          client.closedLoop(Prompts.of(Kind.PRIVATE_1K, Delivery.WHOLE), 1, NANOS).requests();
      client.closedLoop(Prompts.of(Kind.PLAIN_1K, Delivery.WHOLE), 1, NANOS);
      assertThat(provider.counts(Arm.MANTLE).leaks()).isEqualTo(open);
      assertThat(provider.counts(Arm.MANTLE).requests()).isGreaterThan(open);
      assertThat(provider.counts(Arm.DIRECT).requests()).isZero();
    }
  }

  @Test
  void anAnswerWithOtherWords_failsTheRun() throws Exception {
    Prompt known = Prompts.of(Kind.PRIVATE_1K, Delivery.WHOLE).getFirst();
    Prompt unknown = new Prompt("gpt-x", Delivery.WHOLE, known.text(), List.of());
    try (ProviderProcess provider = ProviderProcess.start();
        LoadClient client = new LoadClient(new Address(provider.port(Arm.DIRECT), ""), 1)) {
      assertThatThrownBy(() -> client.closedLoop(List.of(unknown), 1, NANOS))
          .isInstanceOf(WrongAnswerException.class);
    }
  }
}
