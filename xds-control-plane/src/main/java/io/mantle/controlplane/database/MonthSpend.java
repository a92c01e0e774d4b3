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
 * @param byKey key id to billionths of a US dollar
 */
public record MonthSpend(YearMonth month, Map<String, BigDecimal> byKey) {
  public MonthSpend {
    byKey = Map.copyOf(byKey);
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
    Map<String, Map<String, BigDecimal>> byKey = new HashMap<>();
    tenantIds.forEach(id -> byKey.put(id, new HashMap<>()));
    handle
        .createQuery(
            "SELECT tenant_id, key_id, sum(cost_nano_usd) AS spent FROM usage_day"
                + " WHERE tenant_id = ANY(:ids) AND day >= :from AND day < :before"
                + " GROUP BY tenant_id, key_id")
        .bindArray("ids", String.class, tenantIds)
        .bind("from", from)
        .bind("before", before)
        .map(
            (row, _) ->
                byKey
                    .computeIfAbsent(text(row, "tenant_id"), _ -> new HashMap<>())
                    .merge(text(row, "key_id"), row.getBigDecimal("spent"), BigDecimal::add))
        .list();
    Map<String, MonthSpend> spend = new HashMap<>();
    byKey.forEach((id, keys) -> spend.put(id, new MonthSpend(YearMonth.from(from), keys)));
    return spend;
  }

  /** The two together, of one month. */
  MonthSpend plus(MonthSpend other) {
    Map<String, BigDecimal> both = new HashMap<>(byKey);
    other.byKey.forEach((key, spent) -> both.merge(key, spent, BigDecimal::add));
    return new MonthSpend(month, both);
  }

  /** Of a key, or of all: billionths of a US dollar. */
  public BigDecimal nanoUsd(Optional<UUID> key) {
    return key.isPresent()
        ? byKey.getOrDefault(key.get().toString(), BigDecimal.ZERO)
        : byKey.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** When the next month begins. */
  Instant end() {
    return month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
