package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.text;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * What a tenant's exchanges of a month cost, as far as their cost is known: from the sums of its
 * days. Which month is running the database's clock says, in UTC.
 *
 * @param byKey by key id
 */
public record MonthSpend(YearMonth month, Map<String, Sum> byKey) {
  public MonthSpend {
    byKey = Map.copyOf(byKey);
  }

  /**
   * What it came to, in billionths of a US dollar.
   *
   * @param own by the tenant's own prices, and the platform's where it has none
   * @param ofPlatform by the platform's prices, and the tenant's own where that has none
   */
  public record Sum(BigDecimal own, BigDecimal ofPlatform) {
    private static final Sum ZERO = new Sum(BigDecimal.ZERO, BigDecimal.ZERO);

    private Sum plus(Sum other) {
      return new Sum(own.add(other.own), ofPlatform.add(other.ofPlatform));
    }
  }

  /** The day that it is. */
  static LocalDate today(Handle handle) {
    return handle
        .createQuery("SELECT (now() AT TIME ZONE 'UTC')::date")
        .mapTo(LocalDate.class)
        .one();
  }

  /** Of some tenants, by their id, that of the running month. */
  static Map<String, MonthSpend> of(Handle handle, Collection<String> tenantIds) {
    YearMonth month = YearMonth.from(today(handle));
    return of(handle, tenantIds, month.atDay(1), month.plusMonths(1).atDay(1));
  }

  /** Of a tenant, from a day on and before another of the same month, or the next one's first. */
  static MonthSpend of(Handle handle, String tenantId, LocalDate from, LocalDate before) {
    return of(handle, List.of(tenantId), from, before)
        .getOrDefault(tenantId, new MonthSpend(YearMonth.from(from), Map.of()));
  }

  private static Map<String, MonthSpend> of(
      Handle handle, Collection<String> tenantIds, LocalDate from, LocalDate before) {
    Map<String, Map<String, Sum>> byKey = new HashMap<>();
    tenantIds.forEach(id -> byKey.put(id, new HashMap<>()));
    handle
        .createQuery(
            "SELECT tenant_id, key_id, sum(cost_nano_usd) AS own,"
                + " sum(coalesce(platform_cost_nano_usd, cost_nano_usd)) AS of_platform"
                + " FROM usage_day WHERE tenant_id = ANY(:ids) AND day >= :from AND day < :before"
                + " GROUP BY tenant_id, key_id")
        .bindArray("ids", String.class, tenantIds)
        .bind("from", from)
        .bind("before", before)
        .map(
            (row, _) ->
                byKey
                    .computeIfAbsent(text(row, "tenant_id"), _ -> new HashMap<>())
                    .merge(
                        text(row, "key_id"),
                        new Sum(row.getBigDecimal("own"), row.getBigDecimal("of_platform")),
                        Sum::plus))
        .list();
    Map<String, MonthSpend> spend = new HashMap<>();
    byKey.forEach((id, keys) -> spend.put(id, new MonthSpend(YearMonth.from(from), keys)));
    return spend;
  }

  /** The two together, of one month. */
  MonthSpend plus(MonthSpend other) {
    Map<String, Sum> both = new HashMap<>(byKey);
    other.byKey.forEach((key, spent) -> both.merge(key, spent, Sum::plus));
    return new MonthSpend(month, both);
  }

  /** Of whose budget it is, by the prices that judge it: billionths of a US dollar. */
  public BigDecimal nanoUsd(Budget budget) {
    Optional<UUID> key = budget.key();
    Sum sum =
        key.isPresent()
            ? byKey.getOrDefault(key.get().toString(), Sum.ZERO)
            : byKey.values().stream().reduce(Sum.ZERO, Sum::plus);
    return budget.atPlatformPrices() ? sum.ofPlatform : sum.own;
  }

  /** When the next month begins. */
  Instant end() {
    return month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
