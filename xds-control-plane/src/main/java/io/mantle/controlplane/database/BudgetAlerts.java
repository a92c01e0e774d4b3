package io.mantle.controlplane.database;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What {@link BudgetWatch} noticed, and how far each came to its tenant's webhook. Thread-safe.
 *
 * <p>Who would send one claims it first, for longer than an attempt takes, and that counts the
 * attempt: so two never send it at once, and one that dies on the way has made an attempt.
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
   * @param lease for so long nobody else gets it; longer than an attempt takes
   */
  public Optional<BudgetAlert> claim(String tenantId, Duration lease) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery(
                    """
                    UPDATE budget_alert SET attempts = attempts + 1,
                      next_attempt_at = now() + :leaseMillis * interval '1 ms'
                    WHERE id = (SELECT id FROM budget_alert
                      WHERE delivery = 'pending' AND next_attempt_at <= now()
                      ORDER BY crossed_at, percent LIMIT 1 FOR UPDATE SKIP LOCKED)
                    RETURNING *
                    """)
                .bind("leaseMillis", lease.toMillis())
                .map((row, _) -> BudgetAlert.of(row))
                .findOne());
  }

  /** It was taken. */
  public void delivered(String tenantId, UUID id) {
    set(tenantId, id, "delivery = 'delivered', delivered_at = now()", "", Duration.ZERO);
  }

  /**
   * It was not, and is to be sent again.
   *
   * @param error why, in words that are safe to show
   * @param pause until then
   */
  public void failed(String tenantId, UUID id, String error, Duration pause) {
    set(tenantId, id, "delivery = 'pending'", error, pause);
  }

  /** It was not, and is not sent again. */
  public void givenUp(String tenantId, UUID id, String error) {
    set(tenantId, id, "delivery = 'failed'", error, Duration.ZERO);
  }

  private void set(String tenantId, UUID id, String state, String error, Duration pause) {
    database.asTenant(
        tenantId,
        handle ->
            handle
                .createUpdate(
                    "UPDATE budget_alert SET "
                        + state
                        + ", error = :error,"
                        + " next_attempt_at = now() + :pauseMillis * interval '1 ms'"
                        + " WHERE id = :id AND delivery = 'pending'")
                .bind("id", id)
                .bind("error", error.substring(0, Math.min(error.length(), ERROR_CHARS_MAX)))
                .bind("pauseMillis", pause.toMillis())
                .execute());
  }
}
