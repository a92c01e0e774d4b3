package io.mantle.controlplane;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what another thread or process will make true. */
public final class Eventually {
  private Eventually() {}

  /** Fails with the last state seen if it is not true in time; says how long it took. */
  public static Duration isTrue(String what, Duration within, Callable<Boolean> condition)
      throws Exception {
    long start = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - start > within.toNanos()) {
        throw new AssertionError(what + ": not within " + within);
      }
      Thread.sleep(5);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
