package io.mantle.controlplane.database;

import static java.util.Objects.requireNonNull;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Seals what a tenant keeps: AES-256-GCM with the newest of the tenant's keys, each of which is
 * sealed by a master key. What is sealed is bound to its tenant and its place, so a value moved to
 * another tenant's or provider's row does not open. Thread-safe.
 */
final class TenantSeals {
  /** What a query names to have {@link #key} read the key of a row, joined as {@code k}. */
  static final String KEY_COLUMNS =
      "k.version AS key_version, k.sealed AS key_sealed, k.master_version AS key_master_version";

  private static final int KEY_BYTES = 32;

  private final MasterKey master;
  private final SecureRandom random = new SecureRandom();

  TenantSeals(MasterKey master) {
    this.master = master;
  }

  /** A tenant's key as it is stored. */
  record Key(String tenantId, int version, Secret sealed, int masterVersion) {}

  /** The key that sealed a row's value; null where the root did, before there were such keys. */
  static @Nullable Key key(ResultSet row, String tenantId) throws SQLException {
    int version = row.getInt("key_version");
    return row.wasNull()
        ? null
        : new Key(
            tenantId,
            version,
            Secret.of(row.getBytes("key_sealed")),
            row.getInt("key_master_version"));
  }

  private static Key present(ResultSet row, String tenantId) throws SQLException {
    return requireNonNull(key(row, tenantId));
  }

  /** Makes sure that there is a master key to seal tenants' keys by. */
  void ready() {
    master.ready();
  }

  /** The tenant's newest key, made where there is none; for a transaction that may insert one. */
  Key newest(Handle handle, String tenantId) {
    return requireNonNull(newest(handle, List.of(tenantId)).get(tenantId));
  }

  /** The same of each of these tenants, by their id. */
  Map<String, Key> newest(Handle handle, Collection<String> tenantIds) {
    Map<String, Key> stored = stored(handle, tenantIds);
    List<String> without = tenantIds.stream().filter(id -> !stored.containsKey(id)).toList();
    if (without.isEmpty()) {
      return stored;
    }
    add(handle, without, 1);
    return stored(handle, tenantIds); // it may be another's that was added
  }

  private static Map<String, Key> stored(Handle handle, Collection<String> tenantIds) {
    Map<String, Key> stored = new TreeMap<>();
    handle
        .createQuery(
            "SELECT DISTINCT ON (k.tenant_id) k.tenant_id, "
                + KEY_COLUMNS
                + " FROM tenant_key k WHERE k.tenant_id = ANY(:ids)"
                + " ORDER BY k.tenant_id, k.version DESC")
        .bindArray("ids", String.class, tenantIds)
        .map((row, _) -> present(row, PublishedRows.text(row, "tenant_id")))
        .forEach(key -> stored.put(key.tenantId, key));
    return stored;
  }

  /** Adds a key of a version, unless another did. */
  void add(Handle handle, String tenantId, int version) {
    add(handle, List.of(tenantId), version);
  }

  private void add(Handle handle, Collection<String> tenantIds, int version) {
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO tenant_key (tenant_id, version, sealed, master_version)"
                + " VALUES (:tenant, :version, :sealed, :master)"
                + " ON CONFLICT (tenant_id, version) DO NOTHING");
    for (String tenantId : tenantIds) {
      byte[] key = new byte[KEY_BYTES];
      random.nextBytes(key);
      Sealed sealed = master.sealTenantKey(tenantId, version, key);
      batch
          .bind("tenant", tenantId)
          .bind("version", version)
          .bind("sealed", sealed.bytes())
          .bind("master", sealed.keyVersion())
          .add();
    }
    batch.execute();
  }

  Sealed sealSurrogateKey(Key key, Secret surrogateKey) {
    return seal(key, surrogateKey, surrogateKeyOf(key.tenantId));
  }

  Secret openSurrogateKey(@Nullable Key key, String tenantId, byte[] sealed)
      throws GeneralSecurityException {
    return open(key, sealed, surrogateKeyOf(tenantId));
  }

  Sealed sealCredential(Key key, UUID providerId, Secret credential) {
    return seal(key, credential, credentialOf(key.tenantId, providerId));
  }

  Secret openCredential(@Nullable Key key, String tenantId, UUID providerId, byte[] sealed)
      throws GeneralSecurityException {
    return open(key, sealed, credentialOf(tenantId, providerId));
  }

  Sealed sealWebhookSecret(Key key, Secret secret) {
    return seal(key, secret, webhookSecretOf(key.tenantId));
  }

  Secret openWebhookSecret(@Nullable Key key, String tenantId, byte[] sealed)
      throws GeneralSecurityException {
    return open(key, sealed, webhookSecretOf(tenantId));
  }

  Sealed sealExchange(Key key, String requestId, Secret body) {
    return seal(key, body, exchangeOf(key.tenantId, requestId));
  }

  Secret openExchange(@Nullable Key key, String tenantId, String requestId, byte[] sealed)
      throws GeneralSecurityException {
    return open(key, sealed, exchangeOf(tenantId, requestId));
  }

  private Sealed seal(Key key, Secret secret, byte[] associatedData) {
    try {
      return new Sealed(key.version, aead(key).encrypt(secret.reveal(), associatedData));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the tenant's key does not open", e);
    }
  }

  private Secret open(@Nullable Key key, byte[] sealed, byte[] associatedData)
      throws GeneralSecurityException {
    return Secret.of(
        key == null
            ? master.open(null, sealed, associatedData)
            : aead(key).decrypt(sealed, associatedData));
  }

  private Aead aead(Key key) throws GeneralSecurityException {
    return new AesGcmJce(
        master.unsealTenantKey(key.tenantId, key.version, key.masterVersion, key.sealed.reveal()));
  }

  // A tenant's id has no slash, so no two places share their associated data.
  private static byte[] surrogateKeyOf(String tenantId) {
    return ("mantle/tenant/" + tenantId + "/surrogate-key").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] webhookSecretOf(String tenantId) {
    return ("mantle/tenant/" + tenantId + "/budget-webhook").getBytes(StandardCharsets.UTF_8);
  }

  /** A request's id may have slashes, and is therefore last. */
  private static byte[] exchangeOf(String tenantId, String requestId) {
    return ("mantle/tenant/" + tenantId + "/exchange/" + requestId)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] credentialOf(String tenantId, UUID providerId) {
    return ("mantle/tenant/" + tenantId + "/provider/" + providerId)
        .getBytes(StandardCharsets.UTF_8);
  }
}
