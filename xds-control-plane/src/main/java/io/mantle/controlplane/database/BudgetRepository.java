package io.mantle.controlplane.database;

import java.sql.Types;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The budgets of tenants and their keys, and what of them is spent. Thread-safe. */
public final class BudgetRepository {
  private static final String OF_KEY = " WHERE key_id IS NOT DISTINCT FROM :key";

  private final Database database;

  public BudgetRepository(Database database) {
    this.database = database;
  }

  /** The tenant's budget, or that of one of its keys. */
  public Optional<Budget> find(String tenantId, Optional<UUID> key) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery("SELECT * FROM budget" + OF_KEY)
                .bindBySqlType("key", key.orElse(null), Types.OTHER)
                .map((row, _) -> Budget.of(row))
                .findOne());
  }

  /** Stores a budget, in place of the one that there is of the same tenant or key. */
  public void save(String tenantId, Budget budget) {
    database.asTenant(
        tenantId,
        handle -> {
          delete(handle, budget.key());
          return handle
              .createUpdate(
                  "INSERT INTO budget (tenant_id, key_id, limit_cents, warn_percents, stops)"
                      + " VALUES (:tenant, :key, :limit, :percents, :stops)")
              .bind("tenant", tenantId)
              .bindBySqlType("key", budget.key().orElse(null), Types.OTHER)
              .bind("limit", budget.limitCents())
              .bindArray("percents", Integer.class, budget.warnPercents())
              .bind("stops", budget.stops())
              .execute();
        });
  }

  /** Deletes the tenant's budget, or that of one of its keys; false where there is none. */
  public boolean delete(String tenantId, Optional<UUID> key) {
    return database.asTenant(tenantId, handle -> delete(handle, key)) > 0;
  }

  private static int delete(Handle handle, Optional<UUID> key) {
    return handle
        .createUpdate("DELETE FROM budget" + OF_KEY)
        .bindBySqlType("key", key.orElse(null), Types.OTHER)
        .execute();
  }

  /** What a tenant spent this month. */
  public MonthSpend spend(String tenantId) {
    return database.asTenant(
        tenantId,
        handle -> {
          YearMonth month = YearMonth.from(MonthSpend.today(handle));
          return MonthSpend.of(handle, tenantId, month.atDay(1), month.plusMonths(1).atDay(1));
        });
  }

  /** All that holds for a tenant: its budgets, and limits of money that it or its plan has. */
  static List<Budget> all(Handle handle, String tenantId) {
    List<Budget> budgets =
        new ArrayList<>(
            handle.createQuery("SELECT * FROM budget").map((row, _) -> Budget.of(row)).list());
    LimitRepository.limits(handle, tenantId).ifPresent(limits -> budgets.addAll(Budget.of(limits)));
    return budgets;
  }
}
