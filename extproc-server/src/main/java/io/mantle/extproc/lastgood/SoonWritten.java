package io.mantle.extproc.lastgood;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings changes to a disk on a thread of its own: the first at once, those after it together, so
 * that writing takes at most a tenth of a core however much there is to write. Thread-safe.
 */
public final class SoonWritten implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SoonWritten.class);
  private static final long PAUSE_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long PAUSES_PER_WRITING = 9;
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Writing writing;
  private final ScheduledExecutorService thread;
  private final AtomicBoolean due = new AtomicBoolean();
  private volatile long notBeforeNanos = System.nanoTime();

  /** Writes all that there is now. */
  @FunctionalInterface
  public interface Writing {
    void write() throws IOException;
  }

  /**
   * Nothing is written yet.
   *
   * @param name of the thread
   */
  public SoonWritten(String name, Writing writing) {
    this.writing = writing;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(name).factory());
  }

  /** There is something to write. Returns at once. */
  public void changed() {
    if (!due.compareAndSet(false, true) || thread.isShutdown()) {
      return;
    }
    long waitNanos = Math.max(0, notBeforeNanos - System.nanoTime());
    var _ = thread.schedule(this::write, waitNanos, TimeUnit.NANOSECONDS);
  }

  private void write() {
    due.set(false);
    // Not the time on the clock: a disk that is slow for a moment must not keep what is next
    // waiting.
    long cpuBefore = THREADS.getCurrentThreadCpuTime();
    try {
      writing.write();
      long cpuNanos = THREADS.getCurrentThreadCpuTime() - cpuBefore;
      notBeforeNanos = System.nanoTime() + Math.max(PAUSE_NANOS_MIN, cpuNanos * PAUSES_PER_WRITING);
    } catch (IOException | RuntimeException e) {
      log.error("what is good now is not on disk, and lost if this process ends: {}", e.toString());
      notBeforeNanos = System.nanoTime() + RETRY_NANOS;
      changed();
    }
  }

  /** Writes what is still to be written. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (thread.awaitTermination(5, TimeUnit.SECONDS) && due.get()) {
        writing.write();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      log.error("what was good last is not on disk: {}", e.toString());
    }
  }
}
