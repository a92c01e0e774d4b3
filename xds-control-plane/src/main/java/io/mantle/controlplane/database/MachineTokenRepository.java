package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.instant;
import static io.mantle.controlplane.database.PublishedRows.instantIfSet;
import static io.mantle.controlplane.database.PublishedRows.text;
import static io.mantle.controlplane.database.PublishedRows.uuid;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A tenant's tokens for machines, such as its CI. Thread-safe. */
public final class MachineTokenRepository {
  private static final String COLUMNS =
      "SELECT id, name, role, prefix, created_at, expires_at, last_used_at, revoked_at"
          + " FROM machine_token";

  private final Database database;
  private final TenantTable<MachineToken> table;

  public MachineTokenRepository(Database database) {
    this.database = database;
    this.table = new TenantTable<>(database, COLUMNS, (row, _) -> token(row));
  }

  /** What is known of a token. */
  public record MachineToken(
      UUID id,
      String name,
      String role,
      String prefix,
      Instant createdAt,
      Optional<Instant> expiresAt,
      Optional<Instant> lastUsedAt,
      Optional<Instant> revokedAt) {}

  /** The tokens in the order of their ids, those revoked too. */
  public List<MachineToken> list(String tenantId, Page page) {
    return table.list(tenantId, page);
  }

  /** How many tokens are not revoked. */
  public int countLive(String tenantId) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery("SELECT count(*) FROM machine_token WHERE revoked_at IS NULL")
                .mapTo(Integer.class)
                .one());
  }

  /** Stores the hash of a new token, and forgets those revoked 90 days ago. */
  public UUID add(
      String tenantId, String name, String role, RandomToken token, Optional<Instant> expiresAt) {
    UUID id = UUID.randomUUID();
    database.asTenant(
        tenantId,
        handle -> {
          handle.execute("DELETE FROM machine_token WHERE revoked_at < now() - interval '90 days'");
          return handle
              .createUpdate(
                  "INSERT INTO machine_token"
                      + " (id, tenant_id, name, role, prefix, sha256, expires_at)"
                      + " VALUES (:id, :tenant, :name, :role, :prefix, :sha256, :expiresAt)")
              .bind("id", id)
              .bind("tenant", tenantId)
              .bind("name", name)
              .bind("role", role)
              .bind("prefix", token.shown())
              .bind("sha256", token.sha256())
              .bindBySqlType(
                  "expiresAt",
                  expiresAt.map(at -> OffsetDateTime.ofInstant(at, ZoneOffset.UTC)).orElse(null),
                  Types.TIMESTAMP_WITH_TIMEZONE)
              .execute();
        });
    return id;
  }

  /** Revokes a token; false where the tenant has no such token, true also where it was revoked. */
  public boolean revoke(String tenantId, UUID id) {
    return table.change(
        tenantId,
        id,
        "UPDATE machine_token SET revoked_at = coalesce(revoked_at, now()) WHERE id = :id");
  }

  private static MachineToken token(ResultSet row) throws SQLException {
    return new MachineToken(
        uuid(row, "id"),
        text(row, "name"),
        text(row, "role"),
        text(row, "prefix"),
        instant(row, "created_at"),
        instantIfSet(row, "expires_at"),
        instantIfSet(row, "last_used_at"),
        instantIfSet(row, "revoked_at"));
  }
}
