package io.mantle.extproc.stream;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs what takes long. All streams of an Envoy worker share one event loop here, so a large body
 * worked on there would hold up every other exchange.
 *
 * <p>As many threads as processors; at most {@link #WAITING_MAX} tasks wait. What may block has
 * threads of its own, so that who needs a processor alone does not wait for who waits; there a task
 * begins at once or not at all, since its time is counted from its beginning. What may wait for a
 * quick answer from another process, and mostly works, has threads of its own too, for the same
 * reason; there tasks wait for one another.
 */
public final class HeavyWork implements AutoCloseable {
  /** A body of this size or less is worked on where it arrives: handing it over would cost more. */
  static final int BYTES_MIN = 4 * 1024;

  private static final int WAITING_MAX = 1_000;

  /** Far more than can be answered in time; what blocks costs a thread's stack and no more. */
  private static final int BLOCKING_MAX = 64;

  private final ThreadPoolExecutor threads;
  private final ThreadPoolExecutor blocking;
  private final ThreadPoolExecutor asking;

  public HeavyWork(int threadCount) {
    threads =
        new ThreadPoolExecutor(
            threadCount,
            threadCount,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().daemon().name("heavy-", 0).factory());
    blocking =
        new ThreadPoolExecutor(
            0,
            BLOCKING_MAX,
            1,
            TimeUnit.MINUTES,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("blocking-", 0).factory());
    asking =
        new ThreadPoolExecutor(
            BLOCKING_MAX,
            BLOCKING_MAX,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().daemon().name("asking-", 0).factory());
    asking.allowCoreThreadTimeOut(true);
  }

  /** Takes a task; false where too many wait. */
  boolean offer(Runnable task) {
    return offer(threads, task);
  }

  /** Takes a task that may block; false where as many as may do so already. */
  boolean offerBlocking(Runnable task) {
    return offer(blocking, task);
  }

  /** Takes a task that may ask another process for something; false where too many wait. */
  boolean offerAsking(Runnable task) {
    return offer(asking, task);
  }

  private static boolean offer(ThreadPoolExecutor to, Runnable task) {
    try {
      to.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    blocking.shutdownNow();
    asking.shutdownNow();
  }
}
