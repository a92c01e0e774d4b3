package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.text;

import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Where tenants are told that budgets are spent. The secret by which messages are signed goes in,
 * sealed for its tenant, and comes out only to sign. Thread-safe.
 */
public final class BudgetWebhooks {
  private final Database database;
  private final TenantSeals seals;

  public BudgetWebhooks(Database database, MasterKey masterKey) {
    this.database = database;
    this.seals = new TenantSeals(masterKey);
  }

  /**
   * Where to.
   *
   * @param privateAllowed whether its name may lead to addresses that are not on the public
   *     Internet
   */
  public record Place(String url, boolean privateAllowed) {}

  public Optional<Place> find(String tenantId) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery("SELECT url, private_allowed FROM budget_webhook")
                .map((row, _) -> new Place(text(row, "url"), row.getBoolean("private_allowed")))
                .findOne());
  }

  /**
   * Stores it.
   *
   * @param secret empty to leave the one that there is
   */
  public void save(String tenantId, Place place, Optional<Secret> secret) {
    database.asTenant(
        tenantId,
        handle -> {
          store(handle, tenantId, place, secret);
          // What it did not get for days is told no more.
          return handle.execute(
              "UPDATE budget_alert SET delivery = 'pending', attempts = 0, next_attempt_at = now()"
                  + " WHERE delivery IN ('pending', 'failed') AND crossed_at > now() - interval '1 day'");
        });
  }

  private void store(Handle handle, String tenantId, Place place, Optional<Secret> secret) {
    if (secret.isEmpty()) {
      handle
          .createUpdate("UPDATE budget_webhook SET url = :url, private_allowed = :privateAllowed")
          .bind("url", place.url)
          .bind("privateAllowed", place.privateAllowed)
          .execute();
      return;
    }
    Sealed sealed = seals.sealWebhookSecret(seals.newest(handle, tenantId), secret.get());
    handle
        .createUpdate(
            """
          INSERT INTO budget_webhook (tenant_id, url, secret_sealed, secret_key_version,
            private_allowed)
          VALUES (:tenant, :url, :secret, :keyVersion, :privateAllowed)
          ON CONFLICT (tenant_id) DO UPDATE
            SET url = excluded.url, secret_sealed = excluded.secret_sealed,
                secret_key_version = excluded.secret_key_version,
                private_allowed = excluded.private_allowed
          """)
        .bind("tenant", tenantId)
        .bind("url", place.url)
        .bind("secret", sealed.bytes())
        .bind("keyVersion", sealed.keyVersion())
        .bind("privateAllowed", place.privateAllowed)
        .execute();
  }

  /** Deletes it, and what was to be sent there; false where there is none. */
  public boolean delete(String tenantId) {
    return database.asTenant(
        tenantId,
        handle -> {
          handle
              .createUpdate("UPDATE budget_alert SET delivery = 'none' WHERE delivery = 'pending'")
              .execute();
          return handle.createUpdate("DELETE FROM budget_webhook").execute() > 0;
        });
  }

  private record SealedSecret(TenantSeals.@Nullable Key key, Secret sealed) {}

  /**
   * The secret; empty where there is no webhook.
   *
   * @throws GeneralSecurityException if it does not open
   */
  public Optional<Secret> secret(String tenantId) throws GeneralSecurityException {
    Optional<SealedSecret> stored =
        database.asTenant(tenantId, handle -> sealedSecret(handle, tenantId));
    return stored.isEmpty()
        ? Optional.empty()
        : Optional.of(
            seals.openWebhookSecret(stored.get().key, tenantId, stored.get().sealed.reveal()));
  }

  private static Optional<SealedSecret> sealedSecret(Handle handle, String tenantId) {
    return handle
        .createQuery(
            "SELECT secret_sealed, "
                + TenantSeals.KEY_COLUMNS
                + " FROM budget_webhook w JOIN tenant_key k ON k.tenant_id = w.tenant_id"
                + " AND k.version = secret_key_version")
        .map(
            (row, _) ->
                new SealedSecret(
                    TenantSeals.key(row, tenantId), Secret.of(row.getBytes("secret_sealed"))))
        .findOne();
  }
}
