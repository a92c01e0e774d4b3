package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.instant;
import static io.mantle.controlplane.database.PublishedRows.text;

import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who changed what, and what left: rows that are added in the transaction of the change and never
 * changed. They name things by id and hold no value. Thread-safe.
 *
 * <p>The rows of a tenant are a chain: the database numbers and hashes each as it is inserted, one
 * transaction at a time, so there are no gaps and no forks, however many control planes write.
 * {@link AuditChainCheck} checks it.
 */
public final class AuditLog {
  /** Whose chain holds what belongs to no tenant; no tenant's id has a {@code ~}. */
  public static final String PLATFORM = "~platform";

  private static final String INSERT =
      "INSERT INTO audit (tenant_id, actor, action, subject, detail)"
          + " VALUES (:tenant, :actor, :action, :subject, :detail)";
  private static final String HASH = "encode(hash, 'hex') AS hash";

  private final Database database;

  public AuditLog(Database database) {
    this.database = database;
  }

  /**
   * A row.
   *
   * @param seq in its chain, from 1, without gaps
   * @param at when it was written, to the microsecond
   * @param actor such as {@code account:7c9e...}
   * @param action such as {@code key.create}
   * @param subject what it was done to
   * @param detail JSON, or empty
   * @param hash of it and all before it ({@link AuditHash}), as 64 hexadecimal digits
   */
  public record Entry(
      long seq,
      Instant at,
      String actor,
      String action,
      String subject,
      String detail,
      String hash) {}

  /**
   * The latest row of a chain. Noted elsewhere, it is what shows later that none of the rows up to
   * it was changed or taken away.
   */
  public record Head(long seq, String hash) {
    @Override
    public String toString() {
      return seq + ":" + hash;
    }
  }

  /**
   * Which rows are asked for.
   *
   * @param from written then or later
   * @param to written before
   */
  public record Filter(Optional<Instant> from, Optional<Instant> to, Optional<String> action) {
    public static final Filter NONE =
        new Filter(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Adds a row of a tenant. */
  public void add(String tenantId, String actor, String action, String subject) {
    add(tenantId, actor, action, subject, "");
  }

  void add(String tenantId, String actor, String action, String subject, String detail) {
    database.asTenant(
        tenantId,
        handle ->
            handle
                .createUpdate(INSERT)
                .bind("tenant", tenantId)
                .bind("actor", actor)
                .bind("action", action)
                .bind("subject", subject)
                .bind("detail", detail)
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
                .bind("detail", "")
                .execute());
  }

  /** The rows of a tenant, or {@link #PLATFORM}, latest first; {@code after} is the seq of one. */
  public List<Entry> list(String tenantId, Filter filter, Page page) {
    return database.asTenant(
        tenantId,
        handle ->
            page.bindTo(
                    handle.createQuery(
                        "SELECT seq, at, actor, action, subject, detail, "
                            + HASH
                            + " FROM audit WHERE (:after::bigint IS NULL OR seq < :after::bigint)"
                            + " AND (:from::timestamptz IS NULL OR at >= :from::timestamptz)"
                            + " AND (:to::timestamptz IS NULL OR at < :to::timestamptz)"
                            + " AND (:action::text IS NULL OR action = :action::text)"
                            + " ORDER BY seq DESC LIMIT :limit"))
                .bindBySqlType("from", utc(filter.from), Types.TIMESTAMP_WITH_TIMEZONE)
                .bindBySqlType("to", utc(filter.to), Types.TIMESTAMP_WITH_TIMEZONE)
                .bindBySqlType("action", filter.action.orElse(null), Types.VARCHAR)
                .map(
                    (row, _) ->
                        new Entry(
                            row.getLong("seq"),
                            instant(row, "at"),
                            text(row, "actor"),
                            text(row, "action"),
                            text(row, "subject"),
                            text(row, "detail"),
                            text(row, "hash")))
                .list());
  }

  private static @Nullable OffsetDateTime utc(Optional<Instant> time) {
    return time.map(instant -> instant.atOffset(ZoneOffset.UTC)).orElse(null);
  }

  /** The latest row of a tenant's chain; empty where it has none. */
  public Optional<Head> head(String tenantId) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery("SELECT seq, " + HASH + " FROM audit ORDER BY seq DESC LIMIT 1")
                .map((row, _) -> new Head(row.getLong("seq"), text(row, "hash")))
                .findOne());
  }
}
