package io.mantle.controlplane.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/**
 * Tenants and what belongs to them. Every method works as one tenant, in one transaction: it
 * neither sees nor changes another's rows. Thread-safe.
 */
public final class TenantRepository {
  private final Database database;
  private final TenantSeals seals;
  private final SurrogateKeys surrogateKeys;

  public TenantRepository(Database database, MasterKey masterKey) {
    this.database = database;
    this.seals = new TenantSeals(masterKey);
    this.surrogateKeys = new SurrogateKeys(seals);
  }

  /** Stores a tenant, or what changed of it; its surrogate key stays what it is. */
  public void saveTenant(String tenantId, String name, String plan, boolean reserved) {
    database.asTenant(
        tenantId,
        handle -> {
          handle
              .createUpdate(
                  """
                    INSERT INTO tenant (id, name, plan, reserved)
                    VALUES (:id, :name, :plan, :reserved)
                    ON CONFLICT (id) DO UPDATE
                      SET name = excluded.name, plan = excluded.plan, reserved = excluded.reserved
                      WHERE (tenant.name, tenant.plan, tenant.reserved)
                        IS DISTINCT FROM (excluded.name, excluded.plan, excluded.reserved)
                    """)
              .bind("id", tenantId)
              .bind("name", name)
              .bind("plan", plan)
              .bind("reserved", reserved)
              .execute();
          mintSurrogateKey(handle, tenantId);
          return true;
        });
  }

  /**
   * Gives tenants a surrogate key where they have none; one that there is, is never changed. Where
   * a tenant's key does not open, that tenant alone gets none.
   */
  void mintSurrogateKeys(Collection<String> tenantIds) {
    seals.ready();
    var _ = database.asKeys(handle -> surrogateKeys.mint(handle, tenantIds));
  }

  /** The same for one tenant, in its own transaction. */
  void mintSurrogateKey(Handle handle, String tenantId) {
    if (!surrogateKeys.mint(handle, List.of(tenantId)).isEmpty()) {
      throw new IllegalStateException("the tenant's key does not open");
    }
  }

  /**
   * A tenant, less its secrets.
   *
   * @param plan {@code free}, {@code pro} or {@code enterprise}
   * @param reserved Mantle's own, not a customer
   * @param corsOrigins from which browsers may call the admin API about it
   */
  public record Tenant(
      String id,
      String name,
      String plan,
      boolean reserved,
      List<String> corsOrigins,
      Instant createdAt) {
    static Tenant of(ResultSet row) throws SQLException {
      return new Tenant(
          PublishedRows.text(row, "id"),
          PublishedRows.text(row, "name"),
          PublishedRows.text(row, "plan"),
          row.getBoolean("reserved"),
          List.of((String[]) row.getArray("cors_origins").getArray()),
          PublishedRows.instant(row, "created_at"));
    }
  }

  /**
   * Stores a new tenant; false if there is or was one of this id, whose usage and audit rows the
   * new one would see as its own.
   */
  public boolean create(String tenantId, String name, String plan) {
    return database.asTenant(
            tenantId,
            handle -> {
              int created =
                  handle
                      .createUpdate(
                          "INSERT INTO tenant (id, name, plan)"
                              + " SELECT :id, :name, :plan WHERE NOT EXISTS (SELECT FROM audit)"
                              + " AND NOT EXISTS (SELECT FROM usage) ON CONFLICT DO NOTHING")
                      .bind("id", tenantId)
                      .bind("name", name)
                      .bind("plan", plan)
                      .execute();
              if (created == 1) {
                mintSurrogateKey(handle, tenantId);
              }
              return created;
            })
        == 1;
  }

  /** The tenant itself; empty where there is none. */
  public Optional<Tenant> tenant(String tenantId) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery(
                    "SELECT id, name, plan, reserved, cors_origins, created_at FROM tenant"
                        + " WHERE id = :id")
                .bind("id", tenantId)
                .map((row, _) -> Tenant.of(row))
                .findOne());
  }

  /** Changes what a tenant says of itself. */
  public boolean change(String tenantId, String name, String plan, List<String> corsOrigins) {
    return database.asTenant(
            tenantId,
            handle ->
                handle
                    .createUpdate(
                        "UPDATE tenant SET name = :name, plan = :plan, cors_origins = :origins"
                            + " WHERE id = :id")
                    .bind("id", tenantId)
                    .bind("name", name)
                    .bind("plan", plan)
                    .bindArray("origins", String.class, corsOrigins)
                    .execute())
        == 1;
  }

  /** Deletes a tenant and all that is published of it; usage and audit rows stay. */
  public boolean delete(String tenantId) {
    return database.asTenant(
            tenantId,
            handle ->
                handle
                    .createUpdate("DELETE FROM tenant WHERE id = :id")
                    .bind("id", tenantId)
                    .execute())
        == 1;
  }

  /** Whether there is such a tenant, as far as the tenant itself can see. */
  public boolean exists(String tenantId) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery("SELECT EXISTS (SELECT FROM tenant WHERE id = :id)")
                .bind("id", tenantId)
                .mapTo(Boolean.class)
                .one());
  }

  /** Stores the hash of a proxy key under a name; what had that name before is revoked. */
  public void saveKey(String tenantId, String name, String key) {
    byte[] sha256 = Sha256.of(key);
    database.asTenant(
        tenantId,
        handle -> {
          handle
              .createUpdate(
                  "UPDATE proxy_key SET revoked_at = now() WHERE tenant_id = :tenant AND name = :name"
                      + " AND sha256 <> :sha256 AND revoked_at IS NULL")
              .bind("tenant", tenantId)
              .bind("name", name)
              .bind("sha256", sha256)
              .execute();
          return handle
              .createUpdate(
                  """
                  INSERT INTO proxy_key (tenant_id, name, prefix, sha256)
                  VALUES (:tenant, :name, :prefix, :sha256)
                  ON CONFLICT (sha256) DO UPDATE SET revoked_at = NULL, name = excluded.name
                    WHERE proxy_key.revoked_at IS NOT NULL OR proxy_key.name <> excluded.name
                  """)
              .bind("tenant", tenantId)
              .bind("name", name)
              .bind("prefix", key.substring(0, Math.min(key.length(), 14)))
              .bind("sha256", sha256)
              .execute();
        });
  }

  /** The ids of a tenant's keys that are not revoked. */
  public List<UUID> keyIds(String tenantId) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery("SELECT id FROM proxy_key WHERE revoked_at IS NULL ORDER BY id")
                .mapTo(UUID.class)
                .list());
  }

  /** Stores a provider under its name, or what changed of it, and says what its id is. */
  public UUID saveProvider(
      String tenantId,
      String name,
      String kind,
      String baseUrl,
      Optional<Secret> credential,
      Collection<String> models) {
    return database.asTenant(
        tenantId,
        handle -> {
          // The id is part of what seals the credential, so it comes first.
          UUID id =
              handle
                  .createQuery("SELECT id FROM provider WHERE tenant_id = :tenant AND name = :name")
                  .bind("tenant", tenantId)
                  .bind("name", name)
                  .mapTo(UUID.class)
                  .findOne()
                  .orElseGet(UUID::randomUUID);
          Optional<Sealed> sealed =
              credential.map(
                  secret -> seals.sealCredential(seals.newest(handle, tenantId), id, secret));
          handle
              .createUpdate(
                  """
                  INSERT INTO provider (id, tenant_id, name, kind, base_url, credential_sealed,
                    credential_key_version, models)
                  VALUES (:id, :tenant, :name, :kind, :baseUrl, :credential, :keyVersion, :models)
                  ON CONFLICT (id) DO UPDATE
                    SET kind = excluded.kind, base_url = excluded.base_url,
                        credential_sealed = excluded.credential_sealed,
                        credential_key_version = excluded.credential_key_version,
                        models = excluded.models
                  """)
              .bind("id", id)
              .bind("tenant", tenantId)
              .bind("name", name)
              .bind("kind", kind)
              .bind("baseUrl", baseUrl)
              .bind("credential", sealed.map(Sealed::bytes).orElse(null))
              .bind("keyVersion", sealed.map(Sealed::keyVersion).orElse(null))
              .bindArray("models", String.class, models)
              .execute();
          return id;
        });
  }

  /** The ids of a tenant's providers. */
  public List<UUID> providerIds(String tenantId) {
    return database.asTenant(
        tenantId,
        handle ->
            handle.createQuery("SELECT id FROM provider ORDER BY id").mapTo(UUID.class).list());
  }

  /** Stores where models of a pattern go, or what changed of it. */
  public void saveRoute(
      String tenantId, int position, String modelPattern, Collection<UUID> providerIds) {
    database.asTenant(
        tenantId,
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO route (tenant_id, position, model_pattern, provider_ids)
                    VALUES (:tenant, :position, :pattern, :providers)
                    ON CONFLICT (tenant_id, model_pattern) DO UPDATE
                      SET position = excluded.position, provider_ids = excluded.provider_ids
                      WHERE (route.position, route.provider_ids)
                        IS DISTINCT FROM (excluded.position, excluded.provider_ids)
                    """)
                .bind("tenant", tenantId)
                .bind("position", position)
                .bind("pattern", modelPattern)
                .bindArray("providers", UUID.class, providerIds)
                .execute());
  }

  /** The model patterns of a tenant's routes, in the order they are tried. */
  public List<String> modelPatterns(String tenantId) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery("SELECT model_pattern FROM route ORDER BY position, model_pattern")
                .mapTo(String.class)
                .list());
  }

  /**
   * A tenant's privacy policy, the default where it has stored none; empty where there is no such
   * tenant.
   *
   * @throws InvalidPolicyException if what is stored cannot be read
   */
  public Optional<PrivacyRow> privacy(String tenantId) throws InvalidPolicyException {
    return database.asTenant(tenantId, handle -> privacy(handle, tenantId, false));
  }

  private static Optional<PrivacyRow> privacy(Handle handle, String tenantId, boolean locked)
      throws InvalidPolicyException {
    boolean exists =
        handle
            .createQuery("SELECT id FROM tenant WHERE id = :id" + (locked ? " FOR UPDATE" : ""))
            .bind("id", tenantId)
            .mapTo(String.class)
            .findOne()
            .isPresent();
    if (!exists) {
      return Optional.empty();
    }
    Optional<String> json =
        handle
            .createQuery("SELECT * FROM privacy_policy WHERE tenant_id = :id")
            .bind("id", tenantId)
            .map((row, _) -> PrivacyJson.ofColumns(row))
            .findOne();
    return Optional.of(json.isPresent() ? PrivacyJson.read(json.get()) : PrivacyRow.DEFAULT);
  }

  /** What became of a policy that was to be stored. */
  public enum Saved {
    SAVED,
    NO_SUCH_TENANT,
    /** What was stored is not what the caller expected. */
    NOT_AS_EXPECTED
  }

  /**
   * Stores a tenant's privacy policy, whole.
   *
   * @param expected whether what is stored now may be replaced; asked with the tenant locked, and
   *     not where what is stored cannot be read
   */
  public Saved savePrivacy(String tenantId, PrivacyRow privacy, Predicate<PrivacyRow> expected) {
    return database.asTenant(
        tenantId,
        handle -> {
          try {
            Optional<PrivacyRow> stored = privacy(handle, tenantId, true);
            if (stored.isEmpty()) {
              return Saved.NO_SUCH_TENANT;
            }
            if (!expected.test(stored.get())) {
              return Saved.NOT_AS_EXPECTED;
            }
          } catch (InvalidPolicyException e) {
            // Storing another is how that is mended.
          }
          handle
              .createUpdate(
                  """
                  INSERT INTO privacy_policy
                    (tenant_id, actions, recall, mode, deny, allow, recognizers, deep, media,
                     preservation_prompt, restore, link_hosts, tools, preset,
                     responses, trace_content, record_exchanges_hours)
                  VALUES (:tenant, :actions::jsonb, :recall, :mode, :deny::jsonb, :allow::jsonb,
                    :recognizers::jsonb, :deep, :media, :preservationPrompt, :restore::jsonb,
                    :linkHosts::jsonb, :tools::jsonb, :preset, :responses, :traceContent,
                    :recordExchangesHours)
                  ON CONFLICT (tenant_id) DO UPDATE
                    SET actions = excluded.actions, recall = excluded.recall, mode = excluded.mode,
                        deny = excluded.deny, allow = excluded.allow,
                        recognizers = excluded.recognizers, deep = excluded.deep,
                        media = excluded.media,
                        preservation_prompt = excluded.preservation_prompt,
                        restore = excluded.restore, link_hosts = excluded.link_hosts,
                        tools = excluded.tools, preset = excluded.preset,
                        responses = excluded.responses,
                        trace_content = excluded.trace_content,
                        record_exchanges_hours = excluded.record_exchanges_hours
                  """)
              .bind("tenant", tenantId)
              .bind("actions", PrivacyJson.actionsColumn(privacy))
              .bind("recall", privacy.detection().recall())
              .bind("mode", privacy.mode())
              .bind("deny", PrivacyJson.denyColumn(privacy))
              .bind("allow", PrivacyJson.allowColumn(privacy))
              .bind("recognizers", PrivacyJson.recognizersColumn(privacy))
              .bind("deep", privacy.detection().deep())
              .bind("media", privacy.media())
              .bind("preservationPrompt", privacy.preservationPrompt())
              .bind("preset", privacy.preset().word())
              .bind("responses", privacy.answers().responses())
              .bind("traceContent", privacy.traceContent())
              .bindBySqlType(
                  "recordExchangesHours",
                  privacy.recordExchangesHours().isPresent()
                      ? privacy.recordExchangesHours().getAsInt()
                      : null,
                  Types.INTEGER)
              .bind("restore", PrivacyJson.restoreColumn(privacy))
              .bind("linkHosts", PrivacyJson.linkHostsColumn(privacy))
              .bind("tools", PrivacyJson.toolsColumn(privacy))
              .execute();
          return Saved.SAVED;
        });
  }
}
