package io.mantle.extproc.limit;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Budgets in this process's memory: exact where it is the only server, else its share of each
 * limit. What nobody draws on for a day is forgotten; tenants and keys are known ones, so what is
 * kept is bounded by how many there are.
 */
final class LocalLimiter implements Limiter {
  private static final long FORGOTTEN_NANOS = Duration.ofHours(25).toNanos();

  /** How many requests pass between two looks at what may be forgotten. */
  private static final int SWEEP_EVERY = 10_000;

  private final int replicas;
  private final LongSupplier nanos;
  private final Map<String, LocalTenant> tenants = new ConcurrentHashMap<>();
  private final AtomicInteger untilSweep = new AtomicInteger(SWEEP_EVERY);
  private final LimitCounts counts = new LimitCounts();

  /**
   * Makes one.
   *
   * @param replicas among how many servers each limit is parted
   * @param nanos the time, which never goes back
   */
  LocalLimiter(int replicas, LongSupplier nanos) {
    this.replicas = replicas;
    this.nanos = nanos;
  }

  @Override
  public CompletionStage<Verdict> admit(Ask ask) {
    Verdict verdict = judge(ask);
    counts.count(verdict);
    return CompletableFuture.completedFuture(verdict);
  }

  /** Judges at once. */
  Verdict judge(Ask ask) {
    sweepNowAndThen();
    LocalTenant tenant = tenants.computeIfAbsent(ask.tenantId(), _ -> new LocalTenant());
    return tenant.judge(ask, replicas, nanos);
  }

  /** Counts what was let in elsewhere, so that from one moment to the next this can judge alone. */
  Reservation note(Ask ask) {
    LocalTenant tenant = tenants.computeIfAbsent(ask.tenantId(), _ -> new LocalTenant());
    return tenant.note(ask, replicas, nanos);
  }

  private void sweepNowAndThen() {
    if (untilSweep.decrementAndGet() == 0) {
      untilSweep.set(SWEEP_EVERY);
      long now = nanos.getAsLong();
      tenants.values().removeIf(tenant -> tenant.isForgotten(now - FORGOTTEN_NANOS));
    }
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public LimitCounts counts() {
    return counts;
  }

  @Override
  public void close() {}
}
