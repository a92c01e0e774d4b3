package io.mantle.controlplane.database;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Makes the keys that surrogates are minted by, one for each tenant. Thread-safe. */
final class SurrogateKeys {
  private static final int KEY_BYTES = 32;

  private final TenantSeals seals;
  private final SecureRandom random = new SecureRandom();

  SurrogateKeys(TenantSeals seals) {
    this.seals = seals;
  }

  /**
   * Gives tenants one where they have none; one that there is, is never changed. A few statements,
   * however many tenants.
   *
   * @param handle of a role that sees these tenants, in a transaction
   * @return the tenants that still have none, as the key that would seal it does not open
   */
  List<String> mint(Handle handle, Collection<String> tenantIds) {
    // In one order, so that two control planes that do so at once wait for each other once.
    List<String> without =
        handle
            .createQuery(
                "SELECT id FROM tenant WHERE id = ANY(:ids) AND surrogate_key_sealed IS NULL"
                    + " ORDER BY id FOR NO KEY UPDATE")
            .bindArray("ids", String.class, tenantIds)
            .mapTo(String.class)
            .list();
    if (without.isEmpty()) {
      return List.of();
    }
    List<String> failed = new ArrayList<>();
    Map<String, TenantSeals.Key> newest = seals.newest(handle, without);
    PreparedBatch batch =
        handle.prepareBatch(
            "UPDATE tenant SET surrogate_key_sealed = :key, surrogate_key_version = :version"
                + " WHERE id = :id");
    newest.forEach(
        (tenantId, key) -> {
          byte[] made = new byte[KEY_BYTES];
          random.nextBytes(made);
          try {
            Sealed sealed = seals.sealSurrogateKey(key, Secret.of(made));
            batch
                .bind("id", tenantId)
                .bind("key", sealed.bytes())
                .bind("version", sealed.keyVersion())
                .add();
          } catch (IllegalStateException e) {
            failed.add(tenantId);
          }
        });
    batch.execute();
    return failed;
  }
}
