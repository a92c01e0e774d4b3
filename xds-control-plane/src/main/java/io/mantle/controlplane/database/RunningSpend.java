package io.mantle.controlplane.database;

import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/**
 * What tenants spend in the running month, for who asks with each batch of usage: today as it is,
 * and of the days before it what they were at most {@value #SECONDS_MAX} s ago. Those change only
 * by what is reported late, and a month of 40,000 sums takes longer to add up than a batch to
 * store. Thread-safe.
 */
final class RunningSpend {
  private static final int SECONDS_MAX = 10;
  private static final int TENANTS_MAX = 1_000;

  private final Map<String, DaysBefore> remembered = new ConcurrentHashMap<>();

  private record DaysBefore(LocalDate today, MonthSpend spend, long readAtNanos) {
    private boolean holds(LocalDate day) {
      return today.equals(day)
          && System.nanoTime() - readAtNanos < Duration.ofSeconds(SECONDS_MAX).toNanos();
    }
  }

  /** Of a tenant. */
  MonthSpend of(Handle handle, String tenantId) {
    LocalDate today = MonthSpend.today(handle);
    YearMonth month = YearMonth.from(today);
    MonthSpend before = daysBefore(handle, tenantId, today);
    return MonthSpend.of(handle, tenantId, today, month.plusMonths(1).atDay(1)).plus(before);
  }

  private MonthSpend daysBefore(Handle handle, String tenantId, LocalDate today) {
    DaysBefore known = remembered.get(tenantId);
    if (known == null || !known.holds(today)) {
      known =
          new DaysBefore(
              today,
              MonthSpend.of(handle, tenantId, YearMonth.from(today).atDay(1), today),
              System.nanoTime());
      if (remembered.size() >= TENANTS_MAX) {
        remembered.clear();
      }
      remembered.put(tenantId, known);
    }
    return known.spend;
  }
}
