package io.mantle.extproc.stream;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs what takes long. All streams of an Envoy worker share one event loop here, so a large body
 * worked on there would hold up every other exchange.
 *
 * <p>As many threads as processors; at most {@link #WAITING_MAX} tasks wait.
 */
public final class HeavyWork implements AutoCloseable {
  /** A body of this size or less is worked on where it arrives: handing it over would cost more. */
  static final int BYTES_MIN = 4 * 1024;

  private static final int WAITING_MAX = 1_000;

  private final ThreadPoolExecutor threads;

  public HeavyWork(int threadCount) {
    threads =
        new ThreadPoolExecutor(
            threadCount,
            threadCount,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().daemon().name("heavy-", 0).factory());
  }

  /** Takes a task; false where too many wait. */
  boolean offer(Runnable task) {
    try {
      threads.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
