package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ReadinessTest {
  private final List<String> said = new ArrayList<>();

  @Test
  void await_probesBecomeTrue_saysEachOnce() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Probe late =
        probe("late", () -> asked.incrementAndGet() < 3 ? Optional.of("no") : Optional.empty());
    Probe early = probe("early", Optional::empty);

    readiness(() -> {}).await(List.of(late, early), Duration.ofSeconds(10));

    assertThat(said).hasSize(2);
    assertThat(said.get(0)).startsWith("early ready in ");
    assertThat(said.get(1)).startsWith("late ready in ");
  }

  @Test
  void await_neverTrue_namesPartReasonAndLog() {
    Probe never =
        probe(
            "ext_proc server",
            () -> {
              throw new IOException("refused");
            });

    assertThatThrownBy(() -> readiness(() -> {}).await(List.of(never), Duration.ofMillis(50)))
        .hasMessageContaining("ext_proc server: no answer")
        .hasMessageContaining("it.log");
  }

  @Test
  void await_childGone_stopsAtOnce() {
    Readiness readiness =
        readiness(
            () -> {
              throw LaunchException.failed("Envoy ended");
            });

    assertThatThrownBy(
            () ->
                readiness.await(
                    List.of(probe("x", () -> Optional.of("no"))), Duration.ofMinutes(1)))
        .hasMessage("Envoy ended");
  }

  private Readiness readiness(Readiness.Abort abort) {
    return new Readiness(System.nanoTime(), said::add, abort);
  }

  private static Probe probe(String label, Probe.Check check) {
    return new Probe(label, Path.of("it.log"), check);
  }
}
