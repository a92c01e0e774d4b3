package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.text;

/**
 * Keys of tenants that a rotation has replaced and had to leave, since recorded exchanges were
 * sealed by them: deleted once those have expired. Thread-safe.
 */
public final class RetiredTenantKeys {
  private final Database database;

  public RetiredTenantKeys(Database database) {
    this.database = database;
  }

  private record Newest(String tenantId, int version) {}

  /** Deletes those that opened what is not there any more; of tenants whose key rotates, none. */
  public void destroyUnused() {
    database.asKeys(
        handle -> {
          handle
              .createQuery(
                  """
                  SELECT tenant_id, max(version) AS newest FROM tenant_key k
                  WHERE NOT EXISTS (SELECT FROM key_rotation r WHERE r.tenant_id = k.tenant_id
                    AND r.state = 'running')
                  GROUP BY tenant_id HAVING count(*) > 1
                  """)
              .map((row, _) -> new Newest(text(row, "tenant_id"), row.getInt("newest")))
              .list()
              .forEach(
                  key -> ResealedRows.destroyUnusedTenantKeys(handle, key.tenantId, key.version));
          return true;
        });
  }
}
