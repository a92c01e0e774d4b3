package io.mantle.controlplane.database;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries on rotations of keys, begun here or by another control plane, on a thread of its own. A
 * step that fails is made again later.
 */
public final class KeyRotationWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRotationWorker.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
  private static final int END_MILLIS_MAX = 5_000;

  private final KeyRotations rotations;
  private final Semaphore asked = new Semaphore(0);
  private final Thread thread =
      Thread.ofPlatform().daemon().name("key-rotation").unstarted(this::run);
  private volatile boolean closed;

  public KeyRotationWorker(KeyRotations rotations) {
    this.rotations = rotations;
  }

  public void start() {
    thread.start();
  }

  /** There is something to do. */
  public void wake() {
    asked.release();
  }

  private void run() {
    while (!closed) {
      try {
        if (rotations.step() == KeyRotations.Step.IDLE) {
          pause();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (closed) {
          return;
        }
        LOG.warn("A step of a key rotation failed and is made again", e);
        try {
          pause();
        } catch (InterruptedException interrupted) {
          return;
        }
      }
    }
  }

  private void pause() throws InterruptedException {
    var _ = asked.tryAcquire(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    asked.drainPermits();
  }

  @Override
  public void close() {
    closed = true;
    wake();
    try {
      thread.join(END_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
