package io.mantle.gateway;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for something to become true, looking every few milliseconds. */
final class Until {
  private static final Duration BETWEEN = Duration.ofMillis(10);

  private Until() {}

  /**
   * Returns how long it took.
   *
   * @throws AssertionError if it did not become true in time
   */
  static Duration holds(Duration timeMax, String what, Callable<Boolean> check) throws Exception {
    long start = System.nanoTime();
    while (!check.call()) {
      if (System.nanoTime() - start > timeMax.toNanos()) {
        throw new AssertionError("not within " + timeMax.toMillis() + " ms: " + what);
      }
      Thread.sleep(BETWEEN);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
