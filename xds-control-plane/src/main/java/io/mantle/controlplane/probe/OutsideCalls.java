package io.mantle.controlplane.probe;

import io.mantle.controlplane.probe.OutsideCall.NameService;
import io.mantle.controlplane.probe.ProviderProbe.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls of what tenants named: a fixed time for each, and so many at once. Thread-safe. */
final class OutsideCalls {
  private final NameService names;
  private final Path caFile;
  private final Duration timeout;
  private final Semaphore slots;

  OutsideCalls(NameService names, Path caFile, Duration timeout, int callsMax) {
    this.names = names;
    this.caFile = caFile;
    this.timeout = timeout;
    this.slots = new Semaphore(callsMax);
  }

  /** Makes one and waits for it; empty if too many are under way. */
  Optional<Result> make(OutsideCall.Exchange exchange) {
    if (!slots.tryAcquire()) {
      return Optional.empty();
    }
    OutsideCall call = new OutsideCall(names, caFile, exchange);
    FutureTask<Optional<String>> task = new FutureTask<>(call::run);
    long startNanos = System.nanoTime();
    // A name lookup cannot be interrupted: its slot is free when it ends, not when we stop waiting.
    Thread.ofVirtual()
        .name("outside-call")
        .start(
            () -> {
              try {
                task.run();
              } finally {
                slots.release();
              }
            });
    Optional<String> error = await(task, call);
    return Optional.of(
        new Result(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos), error));
  }

  private Optional<String> await(FutureTask<Optional<String>> task, OutsideCall call) {
    try {
      return task.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Optional.of(
          "timeout: " + call.stage() + " took longer than " + timeout.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("timeout: the control plane is stopping");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a call to the outside could not be made", e.getCause());
    } finally {
      call.close();
    }
  }
}
