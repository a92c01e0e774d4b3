package io.mantle.controlplane.database;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What {@link BudgetWatch} noticed, and how far each came to its tenant's webhook. Thread-safe.
 *
 * <p>Who would send one claims it first: that counts the attempt and says when the next is due, so
 * two never send it at once, and one that dies on the way has made an attempt.
 */
public final class BudgetAlerts {
  private static final int ERROR_CHARS_MAX = 200;
  private static final String LATEST_FIRST =
      " WHERE :after::uuid IS NULL OR (crossed_at, id) <"
          + " (SELECT crossed_at, id FROM budget_alert WHERE id = :after::uuid)"
          + " ORDER BY crossed_at DESC, id DESC LIMIT :limit";

  private final Database database;
  private final TenantTable<BudgetAlert> table;

  public BudgetAlerts(Database database) {
    this.database = database;
    this.table =
        new TenantTable<>(database, "SELECT * FROM budget_alert", (row, _) -> BudgetAlert.of(row));
  }

  /** A tenant's, latest first. */
  public List<BudgetAlert> list(String tenantId, Page page) {
    return table.list(tenantId, page, LATEST_FIRST);
  }

  /**
   * Tenants that have some to be sent now, at most {@code limit}, those that wait longest first.
   */
  public List<String> tenantsDue(int limit) {
    return database.asPublisher(
        handle ->
            handle
                .createQuery(
                    "SELECT tenant_id FROM budget_alert"
                        + " WHERE delivery = 'pending' AND next_attempt_at <= now()"
                        + " GROUP BY tenant_id ORDER BY min(next_attempt_at) LIMIT :limit")
                .bind("limit", limit)
                .mapTo(String.class)
                .list());
  }

  /**
   * Takes the tenant's next one that is due, for an attempt to send it.
   *
   * @param firstPause until it is due again; each further time four times as long, up to {@code
   *     pauseMax}
   */
  public Optional<BudgetAlert> claim(String tenantId, Duration firstPause, Duration pauseMax) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery(
                    """
                    UPDATE budget_alert SET attempts = attempts + 1, next_attempt_at = now()
                      + least(:firstMillis * 4 ^ least(attempts, 20), :maxMillis) * interval '1 ms'
                    WHERE id = (SELECT id FROM budget_alert
                      WHERE delivery = 'pending' AND next_attempt_at <= now()
                      ORDER BY crossed_at, percent LIMIT 1 FOR UPDATE SKIP LOCKED)
                    RETURNING *
                    """)
                .bind("firstMillis", firstPause.toMillis())
                .bind("maxMillis", pauseMax.toMillis())
                .map((row, _) -> BudgetAlert.of(row))
                .findOne());
  }

  /** It was taken. */
  public void delivered(String tenantId, UUID id) {
    set(tenantId, id, "delivery = 'delivered', delivered_at = now(), error = :error", "");
  }

  /**
   * It was not.
   *
   * @param error why, in words that are safe to show
   * @param givenUp whether no further attempt is made
   */
  public void failed(String tenantId, UUID id, String error, boolean givenUp) {
    String shown = error.substring(0, Math.min(error.length(), ERROR_CHARS_MAX));
    set(tenantId, id, givenUp ? "delivery = 'failed', error = :error" : "error = :error", shown);
  }

  private void set(String tenantId, UUID id, String assignments, String error) {
    database.asTenant(
        tenantId,
        handle ->
            handle
                .createUpdate(
                    "UPDATE budget_alert SET "
                        + assignments
                        + " WHERE id = :id AND delivery = 'pending'")
                .bind("id", id)
                .bind("error", error)
                .execute());
  }
}
