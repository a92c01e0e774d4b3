package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.instant;
import static io.mantle.controlplane.database.PublishedRows.text;

import java.time.Instant;
import java.util.List;

/**
 * Who changed what: rows that are added in the transaction of the change and never changed. They
 * name things by id and hold no value. Thread-safe.
 */
public final class AuditLog {
  private static final String PLATFORM = "~platform";
  private static final String INSERT =
      "INSERT INTO audit (tenant_id, actor, action, subject)"
          + " VALUES (:tenant, :actor, :action, :subject)";

  private final Database database;

  public AuditLog(Database database) {
    this.database = database;
  }

  /**
   * A row.
   *
   * @param actor such as {@code account:7c9e...}
   * @param action such as {@code key.create}
   * @param subject what it was done to
   */
  public record Entry(long id, Instant at, String actor, String action, String subject) {}

  /** Adds a row of a tenant. */
  public void add(String tenantId, String actor, String action, String subject) {
    database.asTenant(
        tenantId,
        handle ->
            handle
                .createUpdate(INSERT)
                .bind("tenant", tenantId)
                .bind("actor", actor)
                .bind("action", action)
                .bind("subject", subject)
                .execute());
  }

  /** Adds a row of what belongs to no tenant. */
  public void addOfPlatform(String actor, String action, String subject) {
    database.asIdentity(
        handle ->
            handle
                .createUpdate(INSERT)
                .bind("tenant", PLATFORM)
                .bind("actor", actor)
                .bind("action", action)
                .bind("subject", subject)
                .execute());
  }

  /** The rows of a tenant, latest first; {@code after} is the id of one. */
  public List<Entry> list(String tenantId, Page page) {
    return database.asTenant(
        tenantId,
        handle ->
            page.bindTo(
                    handle.createQuery(
                        "SELECT * FROM audit WHERE :after::bigint IS NULL OR id < :after::bigint"
                            + " ORDER BY id DESC LIMIT :limit"))
                .map(
                    (row, _) ->
                        new Entry(
                            row.getLong("id"),
                            instant(row, "at"),
                            text(row, "actor"),
                            text(row, "action"),
                            text(row, "subject")))
                .list());
  }
}
