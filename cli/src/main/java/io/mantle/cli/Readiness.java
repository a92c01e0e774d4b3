package io.mantle.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Waits until every probe is satisfied, and says when each is. */
final class Readiness {
  private static final Duration POLL = Duration.ofMillis(40);

  /** Looked at between probes: throws when going on is of no use. */
  @FunctionalInterface
  interface Abort {
    void check() throws LaunchException;
  }

  private final long beganNanos;
  private final Progress progress;
  private final Abort abort;

  Readiness(long beganNanos, Progress progress, Abort abort) {
    this.beganNanos = beganNanos;
    this.progress = progress;
    this.abort = abort;
  }

  /**
   * Asks all probes in turn until none is left.
   *
   * @throws LaunchException after {@code timeMax}: names what is missing, why, and its log
   */
  void await(List<Probe> probes, Duration timeMax) throws LaunchException, InterruptedException {
    List<Probe> pending = new ArrayList<>(probes);
    long deadline = System.nanoTime() + timeMax.toNanos();
    while (!pending.isEmpty()) {
      List<String> missing = new ArrayList<>();
      for (Probe probe : List.copyOf(pending)) {
        abort.check();
        Optional<String> whyNot = probe.whyNot();
        if (whyNot.isEmpty()) {
          pending.remove(probe);
          progress.line(probe.label() + " ready in " + seconds(System.nanoTime() - beganNanos));
        } else {
          missing.add("%s: %s (log: %s)".formatted(probe.label(), whyNot.get(), probe.log()));
        }
      }
      if (!missing.isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw LaunchException.failed(
              "not ready after %d s%n  %s"
                  .formatted(timeMax.toSeconds(), String.join("\n  ", missing)));
        }
        Thread.sleep(POLL);
      }
    }
  }

  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }
}
