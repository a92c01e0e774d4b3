package io.mantle.privacy.detect.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WorkersTest {

  @Test
  void eachTask_isDone() {
    try (Workers workers = new Workers(4, () -> true)) {
      for (int count : new int[] {0, 1, 2, 3, 100}) {
        AtomicIntegerArray done = new AtomicIntegerArray(count);
        workers.run(count, done::incrementAndGet);
        for (int i = 0; i < count; i++) {
          assertThat(done.get(i)).isBetween(1, 2);
        }
      }
    }
  }

  @Test
  void tasksThatWaitForEachOther_areDoneByTwoThreads() {
    try (Workers workers = new Workers(2, () -> true)) {
      CountDownLatch both = new CountDownLatch(2);
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      workers.run(
          2,
          i -> {
            threads.add(Thread.currentThread());
            both.countDown();
            try {
              both.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      assertThat(threads).hasSize(2).contains(Thread.currentThread());
    }
  }

  @Test
  void tasksWithTasksOfTheirOwn_endThoughNobodyIsIdle() {
    try (Workers workers = new Workers(2, () -> true)) {
      AtomicIntegerArray done = new AtomicIntegerArray(64);
      workers.run(8, i -> workers.run(8, j -> done.incrementAndGet(8 * i + j)));
      for (int i = 0; i < 64; i++) {
        assertThat(done.get(i)).isBetween(1, 2);
      }
    }
  }

  @Test
  void taskThatFails_failsTheCall() {
    try (Workers workers = new Workers(2, () -> true)) {
      assertThatThrownBy(
              () ->
                  workers.run(
                      10,
                      i -> {
                        if (i == 7) {
                          throw new IllegalArgumentException("seven");
                        }
                      }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("seven");
      assertThatThrownBy(
              () ->
                  workers.run(
                      2,
                      i -> {
                        throw new AssertionError("each");
                      }))
          .isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void helperThatStandsStill_isNotWaitedFor() throws InterruptedException {
    try (Workers workers = new Workers(2, () -> true)) {
      Thread caller = Thread.currentThread();
      CountDownLatch release = new CountDownLatch(1);
      CountDownLatch helperBegan = new CountDownLatch(1);
      AtomicIntegerArray done = new AtomicIntegerArray(2);
      workers.run(
          2,
          i -> {
            try {
              if (Thread.currentThread().equals(caller)) {
                helperBegan.await();
              } else {
                helperBegan.countDown();
                release.await();
              }
            } catch (InterruptedException e) {
              return; // closed
            }
            done.incrementAndGet(i);
          });
      assertThat(done.get(0) + done.get(1)).isEqualTo(2);
      release.countDown();
    }
  }

  @Test
  void busyMachine_leavesAllToTheCaller() {
    try (Workers workers = new Workers(4, () -> false)) {
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      workers.run(50, i -> threads.add(Thread.currentThread()));
      assertThat(threads).containsExactly(Thread.currentThread());
    }
  }

  @Test
  void closedWorkers_leaveAllToTheCaller() {
    Workers workers = new Workers(2, () -> true);
    workers.close();
    AtomicIntegerArray done = new AtomicIntegerArray(5);
    workers.run(5, done::incrementAndGet);
    assertThat(done.get(4)).isEqualTo(1);
  }
}
