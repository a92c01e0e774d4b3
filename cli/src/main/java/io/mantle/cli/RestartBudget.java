package io.mantle.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How often, and how soon, something that ended is started again. Not safe for threads. */
final class RestartBudget {
  private final int restartsMax;
  private final Duration window;
  private final Deque<Long> spentAtNanos = new ArrayDeque<>();

  RestartBudget(int restartsMax, Duration window) {
    this.restartsMax = restartsMax;
    this.window = window;
  }

  /** Whether one more start is within the budget; if so it is spent. */
  boolean spend(long nowNanos) {
    spentAtNanos.removeIf(at -> nowNanos - at > window.toNanos());
    if (spentAtNanos.size() >= restartsMax) {
      return false;
    }
    spentAtNanos.add(nowNanos);
    return true;
  }

  /** Twice as long for each start within the window. */
  Duration delay(Duration first) {
    return first.multipliedBy(1L << Math.max(0, spentAtNanos.size() - 1));
  }
}
