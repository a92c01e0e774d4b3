package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.text;
import static io.mantle.controlplane.database.PublishedRows.uuid;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** What plans give, and what tenants and their keys have instead. Thread-safe. */
public final class LimitRepository {
  private static final String NAMED =
      Arrays.stream(LimitKind.values())
          .map(kind -> ":" + kind.word())
          .collect(Collectors.joining(", "));
  private static final String ASSIGNED =
      Arrays.stream(LimitKind.values())
          .map(kind -> kind.word() + " = :" + kind.word())
          .collect(Collectors.joining(", "));

  private final Database database;

  public LimitRepository(Database database) {
    this.database = database;
  }

  /** A tenant's limits; empty where there is no such tenant. */
  public Optional<TenantLimits> limits(String tenantId) {
    return database.asTenant(tenantId, handle -> limits(handle, tenantId));
  }

  static Optional<TenantLimits> limits(Handle handle, String tenantId) {
    return handle
        .createQuery("SELECT plan FROM tenant WHERE id = :id")
        .bind("id", tenantId)
        .mapTo(String.class)
        .findOne()
        .map(plan -> limits(handle, tenantId, plan));
  }

  private static TenantLimits limits(Handle handle, String tenantId, String plan) {
    Map<UUID, Limits> keys = new HashMap<>();
    handle
        .createQuery("SELECT * FROM key_limit WHERE tenant_id = :id")
        .bind("id", tenantId)
        .map((row, _) -> Map.entry(uuid(row, "key_id"), Limits.of(row)))
        .forEach(key -> keys.put(key.getKey(), key.getValue()));
    return new TenantLimits(
        plans(handle).getOrDefault(plan, Limits.SILENT),
        handle
            .createQuery("SELECT * FROM tenant_limit WHERE tenant_id = :id")
            .bind("id", tenantId)
            .map((row, _) -> Limits.of(row))
            .findOne()
            .orElse(Limits.SILENT),
        keys);
  }

  /** Stores what differs from the plan for a tenant and its keys, in place of all that did. */
  public void save(String tenantId, Limits tenant, Map<UUID, Limits> keys) {
    database.asTenant(
        tenantId,
        handle -> {
          handle.createUpdate("DELETE FROM key_limit").execute();
          if (!keys.isEmpty()) {
            PreparedBatch batch =
                handle.prepareBatch(
                    "INSERT INTO key_limit (tenant_id, key_id, "
                        + LimitKind.COLUMNS
                        + ") VALUES (:tenant, :key, "
                        + NAMED
                        + ")");
            keys.forEach(
                (key, limits) ->
                    limits.bindTo(batch).bind("tenant", tenantId).bind("key", key).add());
            batch.execute();
          }
          handle.createUpdate("DELETE FROM tenant_limit").execute();
          return tenant
              .bindTo(
                  handle.createUpdate(
                      "INSERT INTO tenant_limit (tenant_id, "
                          + LimitKind.COLUMNS
                          + ") VALUES (:tenant, "
                          + NAMED
                          + ")"))
              .bind("tenant", tenantId)
              .execute();
        });
  }

  /** What each plan gives, by its name. */
  public Map<String, Limits> plans() {
    return database.asIdentity(LimitRepository::plans);
  }

  static Map<String, Limits> plans(Handle handle) {
    List<Map.Entry<String, Limits>> rows =
        handle
            .createQuery("SELECT * FROM plan_limit ORDER BY plan")
            .map((row, _) -> Map.entry(text(row, "plan"), Limits.of(row)))
            .list();
    Map<String, Limits> plans = new LinkedHashMap<>();
    rows.forEach(row -> plans.put(row.getKey(), row.getValue()));
    return plans;
  }

  /**
   * Changes what a plan gives; empty where there is no such plan.
   *
   * @param change from what it gives now, which nobody else changes meanwhile; what it does not say
   *     becomes no limit
   */
  public Optional<Limits> changePlan(String plan, UnaryOperator<Limits> change) {
    return database.asIdentity(
        handle ->
            handle
                .createQuery("SELECT * FROM plan_limit WHERE plan = :plan FOR UPDATE")
                .bind("plan", plan)
                .map((row, _) -> Limits.of(row))
                .findOne()
                .map(
                    stored -> {
                      Limits changed = change.apply(stored).over(unlimited());
                      changed
                          .bindTo(
                              handle.createUpdate(
                                  "UPDATE plan_limit SET " + ASSIGNED + " WHERE plan = :plan"))
                          .bind("plan", plan)
                          .execute();
                      return changed;
                    }));
  }

  private static Limits unlimited() {
    return new Limits(
        Arrays.stream(LimitKind.values())
            .collect(Collectors.toMap(kind -> kind, _ -> java.util.OptionalLong.empty())));
  }
}
