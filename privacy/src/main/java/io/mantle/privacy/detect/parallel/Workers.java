package io.mantle.privacy.detect.parallel;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads that help whoever has several things to do that do not depend on each other.
 *
 * <p>Guarantees: it asks for no help while as many threads as it was made for are at work, all
 * callers together, nor while more wants to run on the machine than it has cores; nothing waits in
 * a queue: a caller does itself what no idle thread takes. Nor does a caller wait long for a helper
 * that the machine lets wait: it does that task over. So on a busy machine it is nearly as if there
 * were no helpers, and tasks may have tasks of their own.
 */
public final class Workers implements AutoCloseable {
  /** Nobody helps. */
  public static final Workers NONE = new Workers(1);

  private static final long IDLE_SECONDS_MAX = 60;
  private static final long LOAD_READ_NANOS = 1_000_000_000L;

  private final int threadsMax;
  private final AtomicInteger busy = new AtomicInteger();
  private final BooleanSupplier machineIsFree;
  private final @Nullable ThreadPoolExecutor helpers;

  /**
   * Helpers for callers.
   *
   * @param threadsMax how many threads may be at work, those that call included; with 1, nobody
   *     helps
   */
  public Workers(int threadsMax) {
    this(threadsMax, new FreeMachine());
  }

  /** With an own answer to whether a helper would find a core. */
  Workers(int threadsMax, BooleanSupplier machineIsFree) {
    this.threadsMax = threadsMax;
    this.machineIsFree = machineIsFree;
    this.helpers =
        threadsMax < 2
            ? null
            : new ThreadPoolExecutor(
                0,
                threadsMax - 1,
                IDLE_SECONDS_MAX,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("detect-", 0).factory());
  }

  /**
   * Does {@code task} for each number from 0 to {@code count - 1}, in whatever order; returns when
   * all is done. What a task throws is thrown here; the tasks that were not begun are left then.
   *
   * @param task may be done twice for a number, at the same time, and even go on after the return
   *     where it was done already
   */
  public void run(int count, IntConsumer task) {
    Shared shared = new Shared(count, task);
    busy.incrementAndGet();
    try {
      int asked = 1;
      while (asked < count && busy.get() < threadsMax && isTaken(shared)) {
        asked++;
      }
      shared.finish();
    } finally {
      busy.decrementAndGet();
    }
  }

  private boolean isTaken(Shared shared) {
    if (helpers == null || !machineIsFree.getAsBoolean()) {
      return false;
    }
    busy.incrementAndGet();
    try {
      helpers.execute(
          () -> {
            try {
              shared.work();
            } finally {
              busy.decrementAndGet();
            }
          });
      return true;
    } catch (RejectedExecutionException e) {
      busy.decrementAndGet();
      return false;
    }
  }

  @Override
  public void close() {
    if (helpers != null) {
      helpers.shutdownNow();
    }
  }

  /** Whether what ran on the machine in the last minute left a core free; read once a second. */
  private static final class FreeMachine implements BooleanSupplier {
    private final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    private volatile long readAt = System.nanoTime() - LOAD_READ_NANOS;
    private volatile boolean free = true;

    @Override
    public boolean getAsBoolean() {
      long now = System.nanoTime();
      if (now - readAt >= LOAD_READ_NANOS) {
        readAt = now;
        free = system.getSystemLoadAverage() < system.getAvailableProcessors();
      }
      return free;
    }
  }

  /** What one caller and its helpers work on together. */
  private static final class Shared {
    private final int count;
    private final IntConsumer task;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicIntegerArray ended;
    private final CountDownLatch left;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private Shared(int count, IntConsumer task) {
      this.count = count;
      this.task = task;
      this.ended = new AtomicIntegerArray(count);
      this.left = new CountDownLatch(count);
    }

    /** Takes tasks as long as there are some; returns how many. */
    private int work() {
      int done = 0;
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        work(i);
        done++;
      }
      return done;
    }

    private void work(int i) {
      try {
        if (failure.get() == null) {
          task.accept(i);
        }
      } catch (RuntimeException | Error e) {
        if (ended.get(i) == 0) {
          failure.compareAndSet(null, e);
        }
      } finally {
        if (ended.compareAndSet(i, 0, 1)) {
          left.countDown();
        }
      }
    }

    /** The caller's part: takes tasks, gives helpers about the time of one, does the rest over. */
    private void finish() {
      long start = System.nanoTime();
      int done = work();
      if (left.getCount() > 0) {
        long patience = (System.nanoTime() - start) / Math.max(1, done);
        try {
          if (!left.await(patience, TimeUnit.NANOSECONDS)) {
            redo();
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          redo();
        }
      }
      switch (failure.get()) {
        case null -> {}
        case Error e -> throw e;
        case RuntimeException e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }

    private void redo() {
      for (int i = 0; i < count; i++) {
        if (ended.get(i) == 0) {
          work(i);
        }
      }
    }
  }
}
