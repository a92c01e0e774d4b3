package io.mantle.controlplane.database;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a part of a budget is spent, in the transaction in which the rows are stored that
 * spent it: once for each part of each budget and month, by whichever control plane, with a row in
 * the audit. Thread-safe.
 *
 * <p>Who looks holds a lock of the tenant's until its transaction ends, so of two that each spend a
 * half the second sees both. Where looking fails, usage is stored all the same, and whoever stores
 * the tenant's next rows looks again.
 */
public final class BudgetWatch {
  private static final Logger LOG = LoggerFactory.getLogger(BudgetWatch.class);
  private static final String ACTOR = "mantle";
  private static final String SAVEPOINT = "budgets";
  private static final int KEPT_MONTHS = 24;

  /** One look at small tables where there is nothing to watch. */
  private static final String IS_WATCHED =
      """
      SELECT EXISTS (SELECT FROM budget)
        OR EXISTS (SELECT FROM tenant_limit WHERE monthly_budget_cents > 0)
        OR EXISTS (SELECT FROM key_limit WHERE monthly_budget_cents > 0)
        OR EXISTS (SELECT FROM tenant JOIN plan_limit USING (plan) WHERE monthly_budget_cents > 0)
      """;

  private final Database database;
  private final AuditLog audit;
  private final Consumer<BudgetAlert> told;
  private final RunningSpend running = new RunningSpend();

  /**
   * One that tells of what it noticed.
   *
   * @param told of each, once it is committed
   */
  public BudgetWatch(Database database, Consumer<BudgetAlert> told) {
    this.database = database;
    this.audit = new AuditLog(database);
    this.told = told;
  }

  /** Looks at a tenant's budgets, in a transaction of its own: one of them has changed. */
  public void check(String tenantId) {
    tell(database.asTenant(tenantId, handle -> check(handle, tenantId)));
  }

  /** Looks at a tenant's budgets, in a transaction of that tenant; what was not noticed before. */
  List<BudgetAlert> check(Handle handle, String tenantId) {
    if (!handle.createQuery(IS_WATCHED).mapTo(Boolean.class).one()) {
      return List.of();
    }
    handle.savepoint(SAVEPOINT);
    try {
      List<BudgetAlert> crossed = crossed(handle, tenantId);
      handle.releaseSavepoint(SAVEPOINT);
      return crossed;
    } catch (RuntimeException e) {
      handle.rollbackToSavepoint(SAVEPOINT);
      // Its class only: a driver's message may quote a row.
      LOG.warn(
          "The budgets of tenant {} could not be looked at ({})",
          tenantId,
          e.getClass().getSimpleName());
      return List.of();
    }
  }

  /** Tells of what was committed. */
  void tell(List<BudgetAlert> alerts) {
    alerts.forEach(told);
  }

  private List<BudgetAlert> crossed(Handle handle, String tenantId) {
    handle
        .createQuery("SELECT pg_advisory_xact_lock(hashtextextended(:tenant, 26))::text")
        .bind("tenant", tenantId)
        .mapTo(String.class)
        .one();
    MonthSpend spend = running.of(handle, tenantId);
    List<BudgetAlert> crossed = new ArrayList<>();
    // Those that stop first: of two with one limit it is their alert.
    for (Budget budget :
        BudgetRepository.all(handle, tenantId).stream()
            .sorted(Comparator.comparing(Budget::stops).reversed())
            .toList()) {
      BigDecimal spent = spend.nanoUsd(budget);
      for (int percent : budget.reached(spent)) {
        insert(handle, tenantId, budget, percent, spend, spent).ifPresent(crossed::add);
      }
    }
    return crossed;
  }

  /**
   * Empty where somebody noticed it before; but for one that only warned, of another budget with
   * the same limit, spent before this one that stops.
   */
  private Optional<BudgetAlert> insert(
      Handle handle,
      String tenantId,
      Budget budget,
      int percent,
      MonthSpend spend,
      BigDecimal spent) {
    Optional<BudgetAlert> inserted =
        handle
            .createQuery(
                """
                INSERT INTO budget_alert (tenant_id, key_id, month, limit_cents, percent, stops,
                  spent_nano_usd, delivery)
                VALUES (:tenant, :key, :month, :limit, :percent, :stops, :spent,
                  CASE WHEN EXISTS (SELECT FROM budget_webhook) THEN 'pending' ELSE 'none' END)
                ON CONFLICT (tenant_id, key_id, month, limit_cents, percent) DO UPDATE
                  SET stops = true, spent_nano_usd = excluded.spent_nano_usd, crossed_at = now(),
                    delivery = excluded.delivery, attempts = 0, next_attempt_at = now()
                  WHERE excluded.stops AND NOT budget_alert.stops
                RETURNING *
                """)
            .bind("tenant", tenantId)
            .bind("key", budget.key().map(UUID::toString).orElse(""))
            .bind("month", spend.month().atDay(1))
            .bind("limit", budget.limitCents())
            .bind("percent", percent)
            .bind("stops", budget.stopsAt(percent))
            .bind("spent", spent)
            .map((row, _) -> BudgetAlert.of(row))
            .findOne();
    if (inserted.isPresent()) {
      BudgetAlert alert = inserted.get();
      audit.add(tenantId, ACTOR, "budget.spent", subject(alert), detail(alert));
      handle
          .createUpdate("DELETE FROM budget_alert WHERE month < :oldest")
          .bind("oldest", spend.month().minusMonths(KEPT_MONTHS).atDay(1))
          .execute();
    }
    return inserted;
  }

  private static String subject(BudgetAlert alert) {
    return alert.keyId().isEmpty() ? alert.tenantId() : alert.keyId();
  }

  private static String detail(BudgetAlert alert) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("month", alert.month().toString())
        .put("percent", alert.percent())
        .put("limit_cents", alert.limitCents())
        .put("spent_usd", Usd.text(alert.spentNanoUsd()))
        .put("stops", alert.stops())
        .toString();
  }
}
