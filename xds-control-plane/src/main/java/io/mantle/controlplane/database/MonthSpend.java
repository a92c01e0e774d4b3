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
 * What a tenant's exchanges of the running month cost, as far as their cost is known: from the sums
 * of its days. The month is that of the database's clock, in UTC.
 *
 * @param byKey key id to billionths of a US dollar
 */
public record MonthSpend(YearMonth month, Map<String, BigDecimal> byKey) {
  private static final String MONTH = "date_trunc('month', now() AT TIME ZONE 'UTC')";

  public MonthSpend {
    byKey = Map.copyOf(byKey);
  }

  /** That of some tenants, by their id, with the rights of who asks. */
  static Map<String, MonthSpend> of(Handle handle, Collection<String> tenantIds) {
    YearMonth month =
        YearMonth.from(
            handle.createQuery("SELECT " + MONTH + "::date").mapTo(LocalDate.class).one());
    Map<String, Map<String, BigDecimal>> byKey = new HashMap<>();
    tenantIds.forEach(id -> byKey.put(id, new HashMap<>()));
    handle
        .createQuery(
            "SELECT tenant_id, key_id, sum(cost_nano_usd) AS spent FROM usage_day"
                + " WHERE tenant_id = ANY(:ids) AND day >= "
                + MONTH
                + "::date AND day < ("
                + MONTH
                + " + interval '1 month')::date GROUP BY tenant_id, key_id")
        .bindArray("ids", String.class, tenantIds)
        .map(
            (row, _) ->
                byKey
                    .computeIfAbsent(text(row, "tenant_id"), _ -> new HashMap<>())
                    .merge(text(row, "key_id"), row.getBigDecimal("spent"), BigDecimal::add))
        .list();
    Map<String, MonthSpend> spend = new HashMap<>();
    byKey.forEach((id, keys) -> spend.put(id, new MonthSpend(month, keys)));
    return spend;
  }

  static MonthSpend of(Handle handle, String tenantId) {
    return of(handle, List.of(tenantId)).getOrDefault(tenantId, nothing());
  }

  private static MonthSpend nothing() {
    return new MonthSpend(YearMonth.now(ZoneOffset.UTC), Map.of());
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
