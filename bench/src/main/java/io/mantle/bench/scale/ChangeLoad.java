package io.mantle.bench.scale;

import io.mantle.bench.CpuTimes;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Changes tenants at a steady pace, and times each from its commit to Envoy's acknowledgement. */
final class ChangeLoad {
  private static final long SETTLE_SECONDS_MAX = 30;

  private final ScaleStack stack;
  private final Map<String, Long> underway = new ConcurrentHashMap<>();
  private final Histogram micros = new ConcurrentHistogram(3);

  ChangeLoad(ScaleStack stack) {
    this.stack = stack;
  }

  /**
   * What came of it.
   *
   * @param changes how many were committed
   * @param missing how many of these Envoy had not acknowledged half a minute after the last
   * @param micros from just before the commit to the acknowledgement
   * @param bytes sent to Envoy for a change, of all types, on average
   * @param cpuMillis of each process for a change, by its name
   */
  record Result(
      long changes, long missing, Histogram micros, double bytes, Map<String, Double> cpuMillis) {}

  /** Runs it. */
  Result run(int changesPerSecond, int seconds)
      throws SQLException, InterruptedException, PartEndedException {
    stack.relay().onAck(this::acked);
    CpuTimes cpu = new CpuTimes();
    cpu.watch("control plane", stack.controlPlanePid());
    cpu.watch("Envoy", stack.envoyPid());
    cpu.watch("ext_proc", stack.extProcPid());
    Map<String, Double> before = cpu.now();
    long bytesBefore = stack.relay().bytes();
    long everyNanos = TimeUnit.SECONDS.toNanos(1) / changesPerSecond;
    long begin = System.nanoTime();
    long changes = (long) changesPerSecond * seconds;
    for (long i = 0; i < changes; i++) {
      LockSupport.parkNanos(begin + i * everyNanos - System.nanoTime());
      stack.check();
      // Neighbours lie in the same pages and batches; the changes of a platform do not.
      String tenant = TenantTable.id((int) (i * 7_919 % stack.tenants().count()));
      if (!awaitAcked(() -> !underway.containsKey(tenant))) {
        break; // with ten tenants it may be this one's turn again before its ack
      }
      underway.put(tenant, Long.MAX_VALUE);
      underway.replace(tenant, Long.MAX_VALUE, stack.tenants().change(tenant));
    }
    awaitAcked(underway::isEmpty);
    stack.relay().onAck((_, _) -> {});
    Map<String, Double> used = cpu.since(before);
    used.replaceAll((_, millis) -> millis / changes);
    return new Result(
        changes,
        underway.size(),
        micros,
        (double) (stack.relay().bytes() - bytesBefore) / changes,
        used);
  }

  /** False where that took longer than {@value #SETTLE_SECONDS_MAX} s. */
  private boolean awaitAcked(BooleanSupplier condition)
      throws InterruptedException, PartEndedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS_MAX);
    while (!condition.getAsBoolean()) {
      stack.check();
      if (System.nanoTime() - end > 0) {
        return false;
      }
      Thread.sleep(1);
    }
    return true;
  }

  private void acked(String tenant, long atNanos) {
    Long committed = underway.get(tenant);
    while (committed != null && committed == Long.MAX_VALUE) {
      Thread.onSpinWait(); // the commit has not returned to us yet
      committed = underway.get(tenant);
    }
    if (committed != null && underway.remove(tenant) != null) {
      micros.recordValue(Math.max(1, (atNanos - committed) / 1_000));
    }
  }
}
