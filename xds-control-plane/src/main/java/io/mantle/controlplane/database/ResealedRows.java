package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.text;
import static io.mantle.controlplane.database.PublishedRows.uuid;

import java.security.GeneralSecurityException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every place where something sealed is stored, and how it is sealed anew. A row that does not open
 * stays as it is and is named in the log. All in the caller's transaction, as {@code mantle_keys}.
 */
final class ResealedRows {
  private static final Logger LOG = LoggerFactory.getLogger(ResealedRows.class);

  private static final int TOLD_MAX = 10_000;

  private final MasterKey master;
  private final TenantSeals seals;
  private final int rowsMax;

  /** What the log has named already, so that each step does not name it again. */
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  ResealedRows(MasterKey master, TenantSeals seals, int rowsMax) {
    this.master = master;
    this.seals = seals;
    this.rowsMax = rowsMax;
  }

  private interface Resealing<T> {
    void run(T row) throws GeneralSecurityException;
  }

  /** What is not sealed as it is to be, with these master keys' newest. */
  long left(Handle handle, int version) {
    return handle
        .createQuery(
            """
            SELECT (SELECT count(*) FROM tenant_key WHERE master_version <> :version)
              + (SELECT count(*) FROM token_key WHERE master_version IS DISTINCT FROM :version)
              + (SELECT count(*) FROM idempotency_key
                 WHERE answer_sealed IS NOT NULL AND master_version IS DISTINCT FROM :version)
              + (SELECT count(*) FROM tenant
                 WHERE surrogate_key_sealed IS NOT NULL AND surrogate_key_version IS NULL)
              + (SELECT count(*) FROM provider
                 WHERE credential_sealed IS NOT NULL AND credential_key_version IS NULL)
            """)
        .bind("version", version)
        .mapTo(Long.class)
        .one();
  }

  /** Seals some of it anew; none where nothing is left that opens. */
  int reseal(Handle handle, int version) {
    master.know(version);
    int resealed = tenantKeys(handle, version);
    if (resealed == 0) {
      resealed = tokenKeys(handle, version);
    }
    if (resealed == 0) {
      resealed = answers(handle, version);
    }
    if (resealed == 0) {
      resealed = fromBeforeTenantKeys(handle);
    }
    return resealed;
  }

  /** Rows from some position on, at most {@link #rowsMax}. */
  private interface Rows<T> {
    List<T> from(int position);
  }

  /** Seals the first rows anew that open. Those that do not stay at the front, and are passed. */
  private <T> int each(Rows<T> rows, String what, Resealing<T> resealing) {
    int resealed = 0;
    List<T> batch;
    int position = 0;
    do {
      batch = rows.from(position);
      position += batch.size();
      for (T row : batch) {
        try {
          resealing.run(row);
          resealed++;
        } catch (GeneralSecurityException e) {
          if (told.size() < TOLD_MAX && told.add(what + row)) {
            LOG.warn("{} does not open and stays as it is: {}", what, row);
          }
        }
      }
    } while (resealed == 0 && batch.size() == rowsMax);
    return resealed;
  }

  private record TenantKeyRow(String tenantId, int version, int masterVersion, Secret sealed) {}

  private int tenantKeys(Handle handle, int target) {
    Rows<TenantKeyRow> rows =
        position ->
            handle
                .createQuery(
                    "SELECT tenant_id, version, master_version, sealed FROM tenant_key"
                        + " WHERE master_version <> :target ORDER BY tenant_id, version"
                        + " LIMIT :limit OFFSET :position FOR UPDATE")
                .bind("target", target)
                .bind("limit", rowsMax)
                .bind("position", position)
                .map(
                    (row, _) ->
                        new TenantKeyRow(
                            text(row, "tenant_id"),
                            row.getInt("version"),
                            row.getInt("master_version"),
                            Secret.of(row.getBytes("sealed"))))
                .list();
    return each(
        rows,
        "A tenant's key",
        row -> {
          byte[] key =
              master.unsealTenantKey(
                  row.tenantId, row.version, row.masterVersion, row.sealed.reveal());
          Sealed sealed = master.sealTenantKey(row.tenantId, row.version, key);
          handle
              .createUpdate(
                  "UPDATE tenant_key SET sealed = :sealed, master_version = :master"
                      + " WHERE tenant_id = :tenant AND version = :version")
              .bind("sealed", sealed.bytes())
              .bind("master", sealed.keyVersion())
              .bind("tenant", row.tenantId)
              .bind("version", row.version)
              .execute();
        });
  }

  private record TokenKeyRow(UUID id, @Nullable Integer masterVersion, Secret sealed) {}

  private int tokenKeys(Handle handle, int target) {
    Rows<TokenKeyRow> rows =
        position ->
            handle
                .createQuery(
                    "SELECT id, master_version, sealed FROM token_key"
                        + " WHERE master_version IS DISTINCT FROM :target"
                        + " ORDER BY id LIMIT :limit OFFSET :position FOR UPDATE")
                .bind("target", target)
                .bind("limit", rowsMax)
                .bind("position", position)
                .map(
                    (row, _) ->
                        new TokenKeyRow(
                            uuid(row, "id"),
                            row.getObject("master_version", Integer.class),
                            Secret.of(row.getBytes("sealed"))))
                .list();
    return each(
        rows,
        "A token key",
        row -> {
          Sealed sealed =
              master.sealTokenKey(
                  row.id, master.openTokenKey(row.id, row.masterVersion, row.sealed.reveal()));
          handle
              .createUpdate(
                  "UPDATE token_key SET sealed = :sealed, master_version = :master WHERE id = :id")
              .bind("sealed", sealed.bytes())
              .bind("master", sealed.keyVersion())
              .bind("id", row.id)
              .execute();
        });
  }

  private record AnswerRow(
      String scope, String actor, String key, @Nullable Integer masterVersion, Secret sealed) {
    /** Not the key, which a client chose. */
    @Override
    public String toString() {
      return "AnswerRow[" + scope + "]";
    }
  }

  private int answers(Handle handle, int target) {
    Rows<AnswerRow> rows =
        position ->
            handle
                .createQuery(
                    "SELECT tenant_id, actor, key, master_version, answer_sealed FROM idempotency_key"
                        + " WHERE answer_sealed IS NOT NULL AND master_version IS DISTINCT FROM :target"
                        + " ORDER BY tenant_id, actor, key LIMIT :limit OFFSET :position FOR UPDATE")
                .bind("target", target)
                .bind("limit", rowsMax)
                .bind("position", position)
                .map(
                    (row, _) ->
                        new AnswerRow(
                            text(row, "tenant_id"),
                            text(row, "actor"),
                            text(row, "key"),
                            row.getObject("master_version", Integer.class),
                            Secret.of(row.getBytes("answer_sealed"))))
                .list();
    return each(
        rows,
        "A stored answer",
        row -> {
          Sealed sealed =
              master.sealAnswer(
                  row.scope,
                  row.actor,
                  row.key,
                  master.openAnswer(
                      row.scope, row.actor, row.key, row.masterVersion, row.sealed.reveal()));
          handle
              .createUpdate(
                  "UPDATE idempotency_key SET answer_sealed = :sealed, master_version = :master"
                      + " WHERE tenant_id = :scope AND actor = :actor AND key = :key")
              .bind("sealed", sealed.bytes())
              .bind("master", sealed.keyVersion())
              .bind("scope", row.scope)
              .bind("actor", row.actor)
              .bind("key", row.key)
              .execute();
        });
  }

  /** Those of tenants whose values the root itself sealed, before tenants had keys. */
  private int fromBeforeTenantKeys(Handle handle) {
    List<String> tenantIds =
        handle
            .createQuery(
                """
                SELECT id FROM tenant
                  WHERE surrogate_key_sealed IS NOT NULL AND surrogate_key_version IS NULL
                UNION SELECT tenant_id FROM provider
                  WHERE credential_sealed IS NOT NULL AND credential_key_version IS NULL
                ORDER BY 1 LIMIT :limit
                """)
            .bind("limit", rowsMax)
            .mapTo(String.class)
            .list();
    int resealed = 0;
    for (String tenantId : tenantIds) {
      resealed += resealTenant(handle, tenantId, seals.newest(handle, tenantId).version());
    }
    return resealed;
  }

  /** What of a tenant is not sealed by this version of its key. */
  long leftOfTenant(Handle handle, String tenantId, int version) {
    return handle
        .createQuery(
            """
            SELECT (SELECT count(*) FROM tenant WHERE id = :tenant
                AND surrogate_key_sealed IS NOT NULL
                AND surrogate_key_version IS DISTINCT FROM :version)
              + (SELECT count(*) FROM provider WHERE tenant_id = :tenant
                AND credential_sealed IS NOT NULL
                AND credential_key_version IS DISTINCT FROM :version)
              + (SELECT count(*) FROM budget_webhook WHERE tenant_id = :tenant
                AND secret_key_version <> :version)
            """)
        .bind("tenant", tenantId)
        .bind("version", version)
        .mapTo(Long.class)
        .one();
  }

  private static final UUID NOBODY = new UUID(0, 0);

  private record ValueRow(UUID providerId, TenantSeals.@Nullable Key key, Secret sealed) {
    static ValueRow of(ResultSet row, UUID providerId, String tenantId, String column)
        throws SQLException {
      return new ValueRow(
          providerId, TenantSeals.key(row, tenantId), Secret.of(row.getBytes(column)));
    }

    @Override
    public String toString() {
      return "ValueRow[" + providerId + "]";
    }
  }

  /** Seals what a tenant keeps by this version of its key, which is its newest. */
  int resealTenant(Handle handle, String tenantId, int version) {
    TenantSeals.Key newest = seals.newest(handle, tenantId);
    List<ValueRow> surrogateKeys =
        handle
            .createQuery(
                "SELECT surrogate_key_sealed, "
                    + TenantSeals.KEY_COLUMNS
                    + " FROM tenant LEFT JOIN tenant_key k ON k.tenant_id = id"
                    + " AND k.version = surrogate_key_version WHERE id = :tenant"
                    + " AND surrogate_key_sealed IS NOT NULL"
                    + " AND surrogate_key_version IS DISTINCT FROM :version FOR NO KEY UPDATE OF tenant")
            .bind("tenant", tenantId)
            .bind("version", version)
            .map((row, _) -> ValueRow.of(row, NOBODY, tenantId, "surrogate_key_sealed"))
            .list();
    int resealed =
        each(
            position -> position == 0 ? surrogateKeys : List.of(),
            "The surrogate key of tenant " + tenantId,
            row -> {
              Sealed sealed =
                  seals.sealSurrogateKey(
                      newest, seals.openSurrogateKey(row.key, tenantId, row.sealed.reveal()));
              handle
                  .createUpdate(
                      "UPDATE tenant SET surrogate_key_sealed = :sealed,"
                          + " surrogate_key_version = :version WHERE id = :tenant")
                  .bind("sealed", sealed.bytes())
                  .bind("version", sealed.keyVersion())
                  .bind("tenant", tenantId)
                  .execute();
            });
    List<ValueRow> credentials =
        handle
            .createQuery(
                "SELECT id, credential_sealed, "
                    + TenantSeals.KEY_COLUMNS
                    + " FROM provider LEFT JOIN tenant_key k ON k.tenant_id = provider.tenant_id"
                    + " AND k.version = credential_key_version WHERE provider.tenant_id = :tenant"
                    + " AND credential_sealed IS NOT NULL"
                    + " AND credential_key_version IS DISTINCT FROM :version"
                    + " ORDER BY id FOR NO KEY UPDATE OF provider")
            .bind("tenant", tenantId)
            .bind("version", version)
            .map((row, _) -> ValueRow.of(row, uuid(row, "id"), tenantId, "credential_sealed"))
            .list();
    resealed += resealWebhookSecret(handle, newest);
    return resealed
        + each(
            position -> position == 0 ? credentials : List.of(),
            "A credential of tenant " + tenantId,
            row -> {
              Sealed sealed =
                  seals.sealCredential(
                      newest,
                      row.providerId,
                      seals.openCredential(row.key, tenantId, row.providerId, row.sealed.reveal()));
              handle
                  .createUpdate(
                      "UPDATE provider SET credential_sealed = :sealed,"
                          + " credential_key_version = :version WHERE id = :id")
                  .bind("sealed", sealed.bytes())
                  .bind("version", sealed.keyVersion())
                  .bind("id", row.providerId)
                  .execute();
            });
  }

  private int resealWebhookSecret(Handle handle, TenantSeals.Key newest) {
    List<ValueRow> secrets =
        handle
            .createQuery(
                "SELECT secret_sealed, "
                    + TenantSeals.KEY_COLUMNS
                    + " FROM budget_webhook JOIN tenant_key k"
                    + " ON k.tenant_id = budget_webhook.tenant_id AND k.version = secret_key_version"
                    + " WHERE budget_webhook.tenant_id = :tenant AND secret_key_version <> :version"
                    + " FOR NO KEY UPDATE OF budget_webhook")
            .bind("tenant", newest.tenantId())
            .bind("version", newest.version())
            .map((row, _) -> ValueRow.of(row, NOBODY, newest.tenantId(), "secret_sealed"))
            .list();
    return each(
        position -> position == 0 ? secrets : List.of(),
        "The webhook's secret of tenant " + newest.tenantId(),
        row -> {
          Sealed sealed =
              seals.sealWebhookSecret(
                  newest, seals.openWebhookSecret(row.key, newest.tenantId(), row.sealed.reveal()));
          handle
              .createUpdate(
                  "UPDATE budget_webhook SET secret_sealed = :sealed,"
                      + " secret_key_version = :version WHERE tenant_id = :tenant")
              .bind("sealed", sealed.bytes())
              .bind("version", sealed.keyVersion())
              .bind("tenant", newest.tenantId())
              .execute();
        });
  }

  /** Deletes older master keys that sealed nothing that is still there. */
  void destroyUnusedMasterKeys(Handle handle, int newest) {
    int destroyed =
        handle
            .createUpdate(
                """
                DELETE FROM master_key m WHERE version < :newest
                  AND NOT EXISTS (SELECT FROM tenant_key WHERE master_version = m.version)
                  AND NOT EXISTS (SELECT FROM token_key WHERE master_version = m.version)
                  AND NOT EXISTS (SELECT FROM idempotency_key WHERE master_version = m.version)
                """)
            .bind("newest", newest)
            .execute();
    LOG.info("{} older master keys were destroyed", destroyed);
  }

  /**
   * Deletes older keys of a tenant that sealed nothing that is still there. Recorded exchanges are
   * not sealed anew: they are many and expire, and keep their key for as long.
   */
  static void destroyUnusedTenantKeys(Handle handle, String tenantId, int newest) {
    handle
        .createUpdate(
            """
            DELETE FROM tenant_key k WHERE tenant_id = :tenant AND version < :newest
              AND NOT EXISTS (SELECT FROM provider p WHERE p.tenant_id = k.tenant_id
                AND credential_key_version = k.version)
              AND NOT EXISTS (SELECT FROM tenant t WHERE t.id = k.tenant_id
                AND surrogate_key_version = k.version)
              AND NOT EXISTS (SELECT FROM budget_webhook w WHERE w.tenant_id = k.tenant_id
                AND secret_key_version = k.version)
              AND NOT EXISTS (SELECT FROM recorded_exchange e WHERE e.tenant_id = k.tenant_id
                AND key_version = k.version)
            """)
        .bind("tenant", tenantId)
        .bind("newest", newest)
        .execute();
  }
}
