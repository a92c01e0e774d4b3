package io.mantle.privacy.detect.parallel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads that help whoever has several things to do that do not depend on each other.
 *
 * <p>Guarantees: never more threads than it was made for, all callers together; nothing waits in a
 * queue: a caller does itself what no idle thread takes, so on a busy machine it is as if there
 * were no helpers, and tasks may have helpers of their own without danger of a deadlock.
 */
public final class Workers implements AutoCloseable {
  /** Nobody helps. */
  public static final Workers NONE = new Workers(0);

  private static final long IDLE_SECONDS_MAX = 60;

  private final int helpers;
  private final @Nullable ThreadPoolExecutor threads;

  /** At most so many threads besides those that call; they end when long idle. */
  public Workers(int helpers) {
    this.helpers = helpers;
    this.threads =
        helpers == 0
            ? null
            : new ThreadPoolExecutor(
                0,
                helpers,
                IDLE_SECONDS_MAX,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("detect-", 0).factory());
  }

  /**
   * Does {@code task} for each number from 0 to {@code count - 1}, in whatever order; returns when
   * all is done. What a task throws is thrown here; the tasks that were not begun are left then.
   */
  public void run(int count, IntConsumer task) {
    Shared shared = new Shared(count, task);
    int asked = 0;
    while (asked < Math.min(helpers, count - 1) && isTaken(shared)) {
      asked++;
    }
    shared.run();
    shared.await();
  }

  private boolean isTaken(Shared shared) {
    if (threads == null) {
      return false;
    }
    try {
      threads.execute(shared);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  @Override
  public void close() {
    if (threads != null) {
      threads.shutdownNow();
    }
  }

  /** What one caller and its helpers work on together. */
  private static final class Shared implements Runnable {
    private final int count;
    private final IntConsumer task;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch done;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private Shared(int count, IntConsumer task) {
      this.count = count;
      this.task = task;
      this.done = new CountDownLatch(count);
    }

    @Override
    public void run() {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        try {
          if (failure.get() == null) {
            task.accept(i);
          }
        } catch (RuntimeException | Error e) {
          failure.compareAndSet(null, e);
        } finally {
          done.countDown();
        }
      }
    }

    /** Waits for those who still work; what they began ends by itself, so nothing interrupts. */
    private void await() {
      boolean interrupted = false;
      while (true) {
        try {
          done.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      switch (failure.get()) {
        case null -> {}
        case Error e -> throw e;
        case RuntimeException e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }
}
