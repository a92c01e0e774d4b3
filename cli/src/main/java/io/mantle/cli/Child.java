package io.mantle.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One program, kept going: started, started again when it ends by itself, and stopped for good by
 * {@link #stop}.
 *
 * <p>Until {@link #mayRestart} it is not started again, so that a mistake shows at once. After that
 * it is, up to {@link #RESTARTS_MAX} times within {@link #RESTART_WINDOW}; then it gives up and the
 * run is over.
 *
 * <p>It lives on a platform thread of its own that waits for the process: Envoy ends with the
 * thread that started it.
 */
final class Child {
  static final int RESTARTS_MAX = 5;
  static final Duration RESTART_WINDOW = Duration.ofMinutes(1);

  private static final Duration FIRST_DELAY = Duration.ofMillis(200);
  private static final Duration DRAIN_GRACE = Duration.ofMillis(500);
  private static final Duration KILL_GRACE = Duration.ofSeconds(2);

  /** Called on the child's own thread. */
  interface Listener {
    /** Once for each start, before anything else is done with the process. */
    void started(RunningProcess process) throws IOException;

    /** It has ended and is not started again. */
    void gaveUp(LaunchException reason);
  }

  private final ChildSpec spec;
  private final Listener listener;
  private final Progress progress;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile boolean mayRestart;
  private volatile @Nullable Process process;

  private Child(ChildSpec spec, Listener listener, Progress progress) {
    this.spec = spec;
    this.listener = listener;
    this.progress = progress;
  }

  static Child start(ChildSpec spec, Listener listener, Progress progress) {
    Child child = new Child(spec, listener, progress);
    Thread.ofPlatform().name("child-" + spec.name()).daemon().start(child::run);
    return child;
  }

  void mayRestart() {
    mayRestart = true;
  }

  /** Asks it to end, waits for {@code grace}, then ends it. It is gone on return. */
  void stop(Duration grace) throws InterruptedException {
    Process last;
    synchronized (this) {
      stopping.countDown();
      last = process;
    }
    if (last == null) {
      return;
    }
    // Through its handle: Process.destroy would also close its output, and its last words be lost.
    last.toHandle().destroy();
    if (!last.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
      last.toHandle().destroyForcibly();
      last.waitFor(KILL_GRACE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void run() {
    RestartBudget budget = new RestartBudget(RESTARTS_MAX, RESTART_WINDOW);
    try {
      RollingLog log = new RollingLog(spec.log());
      while (true) {
        Process current = startUnlessStopping();
        if (current == null) {
          return;
        }
        Thread drain = drain(current, log);
        int exit = current.waitFor();
        drain.join(DRAIN_GRACE);
        if (isStopping(Duration.ZERO)) {
          return;
        }
        if (!mayRestart || !budget.spend(System.nanoTime())) {
          listener.gaveUp(ended(exit));
          return;
        }
        Duration delay = budget.delay(FIRST_DELAY);
        progress.line(
            "%s ended with exit code %d; starting it again in %d ms (log: %s)"
                .formatted(spec.label(), exit, delay.toMillis(), spec.log()));
        if (isStopping(delay)) {
          return;
        }
      }
    } catch (IOException e) {
      listener.gaveUp(
          LaunchException.failed(spec.label() + " could not be started: " + e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Process startUnlessStopping() throws IOException, InterruptedException {
    Process next;
    synchronized (this) {
      if (isStopping(Duration.ZERO)) {
        return null;
      }
      next = spec.processBuilder().start();
      process = next;
    }
    listener.started(RunningProcess.of(spec.name(), next.toHandle(), spec.command().getFirst()));
    return next;
  }

  /** Its own thread: what the program leaves behind may hold its output open. */
  private Thread drain(Process from, RollingLog log) {
    return Thread.ofPlatform()
        .name("log-" + spec.name())
        .daemon()
        .start(
            () -> {
              try {
                log.drain(from.getInputStream());
              } catch (IOException e) {
                progress.line(spec.label() + ": its log cannot be written: " + e.getMessage());
              }
            });
  }

  private boolean isStopping(Duration within) throws InterruptedException {
    return stopping.await(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  private LaunchException ended(int exit) {
    String tail = String.join("\n  ", RollingLog.tail(spec.log(), 10));
    return LaunchException.failed(
        "%s ended with exit code %d; the end of %s:%n  %s"
            .formatted(spec.label(), exit, spec.log(), tail));
  }
}
