package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.instant;
import static io.mantle.controlplane.database.PublishedRows.instantIfSet;
import static io.mantle.controlplane.database.PublishedRows.text;
import static io.mantle.controlplane.database.PublishedRows.uuid;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Optional;
import java.util.UUID;

/**
 * That a part of a budget is spent.
 *
 * @param keyId whose budget it is; empty for that of all keys together
 * @param stops whether it keeps out what costs from here on
 * @param spentNanoUsd when it was noticed
 */
public record BudgetAlert(
    UUID id,
    String tenantId,
    String keyId,
    YearMonth month,
    long limitCents,
    int percent,
    boolean stops,
    BigDecimal spentNanoUsd,
    Instant crossedAt,
    Delivery delivery) {

  /**
   * How far it came to the webhook.
   *
   * @param state "none" where there is no webhook, "pending", "delivered", or "failed" where it was
   *     given up
   * @param error of the last attempt; empty where none failed
   */
  public record Delivery(String state, int attempts, Optional<Instant> deliveredAt, String error) {}

  static BudgetAlert of(ResultSet row) throws SQLException {
    return new BudgetAlert(
        uuid(row, "id"),
        text(row, "tenant_id"),
        text(row, "key_id"),
        YearMonth.from(row.getDate("month").toLocalDate()),
        row.getLong("limit_cents"),
        row.getInt("percent"),
        row.getBoolean("stops"),
        row.getBigDecimal("spent_nano_usd"),
        instant(row, "crossed_at"),
        new Delivery(
            text(row, "delivery"),
            row.getInt("attempts"),
            instantIfSet(row, "delivered_at"),
            text(row, "error")));
  }
}
