package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.instant;
import static io.mantle.controlplane.database.PublishedRows.instantIfSet;
import static io.mantle.controlplane.database.PublishedRows.text;
import static io.mantle.controlplane.database.PublishedRows.uuid;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A tenant's proxy keys: their hashes, and what may be shown of them. Thread-safe. */
public final class KeyRepository {
  private static final String COLUMNS =
      "SELECT id, name, prefix, created_at, last_used_at, revoked_at FROM proxy_key";

  private final Database database;
  private final TenantTable<Key> table;

  public KeyRepository(Database database) {
    this.database = database;
    this.table = new TenantTable<>(database, COLUMNS, (row, _) -> key(row));
  }

  /** What is known of a key. */
  public record Key(
      UUID id,
      String name,
      String prefix,
      Instant createdAt,
      Optional<Instant> lastUsedAt,
      Optional<Instant> revokedAt) {}

  /** The keys in the order of their ids, those revoked too. */
  public List<Key> list(String tenantId, Page page) {
    return table.list(tenantId, page);
  }

  /** Stores the hash of a new key, and forgets those revoked 90 days ago. */
  public UUID add(String tenantId, String name, RandomToken key) {
    UUID id = UUID.randomUUID();
    database.asTenant(
        tenantId,
        handle -> {
          handle.execute("DELETE FROM proxy_key WHERE revoked_at < now() - interval '90 days'");
          return handle
              .createUpdate(
                  "INSERT INTO proxy_key (id, tenant_id, name, prefix, sha256)"
                      + " VALUES (:id, :tenant, :name, :prefix, :sha256)")
              .bind("id", id)
              .bind("tenant", tenantId)
              .bind("name", name)
              .bind("prefix", key.shown())
              .bind("sha256", key.sha256())
              .execute();
        });
    return id;
  }

  /** Whether the tenant has this key, revoked or not. */
  public boolean exists(String tenantId, UUID id) {
    return table.find(tenantId, id).isPresent();
  }

  /** Revokes a key; false where the tenant has no such key, true also where it was revoked. */
  public boolean revoke(String tenantId, UUID id) {
    return table.change(
        tenantId,
        id,
        "UPDATE proxy_key SET revoked_at = coalesce(revoked_at, now()) WHERE id = :id");
  }

  private static Key key(ResultSet row) throws SQLException {
    return new Key(
        uuid(row, "id"),
        text(row, "name"),
        text(row, "prefix"),
        instant(row, "created_at"),
        instantIfSet(row, "last_used_at"),
        instantIfSet(row, "revoked_at"));
  }
}
