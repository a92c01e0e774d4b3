package io.mantle.extproc.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlidingWindowTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  @Test
  void take_comesBackAfterTheSpan_andNotBefore() {
    SlidingWindow window = new SlidingWindow(Duration.ofMinutes(1));
    window.take(0, 5);
    window.take(30 * SECOND, 3);
    assertThat(window.total(MINUTE - 1)).isEqualTo(8);
    assertThat(window.total(MINUTE + SECOND)).isEqualTo(3);
    assertThat(window.total(10 * MINUTE)).isZero();
  }

  @Test
  void wait_isLongEnough_andNoSlotTooLong() {
    SlidingWindow window = new SlidingWindow(Duration.ofMinutes(1));
    window.take(SECOND, 5);
    window.take(20 * SECOND, 5);
    long wait = window.waitNanos(30 * SECOND, 6);
    assertThat(window.total(30 * SECOND + wait)).isLessThanOrEqualTo(4);
    assertThat(wait).isBetween(50 * SECOND, 50 * SECOND + MINUTE / 127);
  }

  @Test
  void correction_givesBackWhereItWasTaken_andChargesFromNow() {
    SlidingWindow window = new SlidingWindow(Duration.ofMinutes(1));
    long slot = window.take(0, 100);
    window.correct(10 * SECOND, slot, -60);
    assertThat(window.total(10 * SECOND)).isEqualTo(40);
    window.correct(20 * SECOND, slot, 7);
    assertThat(window.total(MINUTE + SECOND)).isEqualTo(7);
    window.correct(2 * MINUTE, slot, -40);
    assertThat(window.total(2 * MINUTE)).isZero();
  }

  @Test
  void window_underRandomLoad_letsInNoMoreThanItsLimitInAnySpan_andOnePercentLessAtMost() {
    long limit = 1_000;
    SplittableRandom random = new SplittableRandom(7);
    SlidingWindow window = new SlidingWindow(Duration.ofMinutes(1));
    Deque<Long> admitted = new ArrayDeque<>();
    long now = 0;
    long inSteadyState = 0;
    while (now < 20 * MINUTE) {
      now += random.nextLong(MINUTE / 2_000);
      while (!admitted.isEmpty() && admitted.getFirst() <= now - MINUTE) {
        admitted.removeFirst();
      }
      if (window.total(now) < limit) {
        window.take(now, 1);
        admitted.add(now);
        inSteadyState += now >= 5 * MINUTE ? 1 : 0;
      }
      assertThat(admitted.size()).isLessThanOrEqualTo((int) limit);
    }
    assertThat(inSteadyState).isBetween(15 * limit * 99 / 100, 15 * limit);
  }
}
