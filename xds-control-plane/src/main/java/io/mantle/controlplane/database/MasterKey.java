package io.mantle.controlplane.database;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import io.mantle.vault.keys.KeyProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Seals tenants' keys and the secrets that belong to no tenant: AES-256-GCM (Tink) with master
 * keys, which lie in the database, wrapped by a key outside of it (the root: a keyset's file or a
 * key management service). All control planes of a database share them, so a new one is known to
 * all without being handed out. Thread-safe.
 *
 * <p>Security: what is sealed is bound to its place (associated data), so a value moved to another
 * row does not open. Opened master keys are in memory for {@link #KEPT} at a time. Not guaranteed:
 * who has the root and the database has every secret.
 */
public final class MasterKey {
  /** How long one stays open; what the root keeps beyond that is its own affair. */
  private static final Duration KEPT = Duration.ofMinutes(5);

  /** How old the knowledge may be of which master key is the newest. */
  static final Duration NEWEST_KNOWN_FOR = Duration.ofSeconds(10);

  private static final int KEY_BYTES = 32;

  private final Database database;
  private final KeyProvider root;
  private final SecureRandom random = new SecureRandom();
  private final ConcurrentSkipListMap<Integer, Secret> wrapped = new ConcurrentSkipListMap<>();
  private final Cache<Integer, Aead> opened =
      Caffeine.newBuilder().expireAfterWrite(KEPT).maximumSize(100).build();
  private volatile Instant readAt = Instant.MIN;

  /**
   * Reads nothing yet.
   *
   * @param root wraps master keys, and opens what it sealed itself before there were any
   */
  public MasterKey(Database database, KeyProvider root) {
    this.database = database;
    this.root = root;
  }

  /** What the next master key would be wrapped by; not a secret. */
  String rootKeyId() {
    return root.keyId();
  }

  byte[] unsealTenantKey(String tenantId, int version, int masterVersion, byte[] sealed)
      throws GeneralSecurityException {
    return open(masterVersion, sealed, tenantKeyOf(tenantId, version));
  }

  Sealed sealTenantKey(String tenantId, int version, byte[] key) {
    return seal(key, tenantKeyOf(tenantId, version));
  }

  Sealed sealTokenKey(UUID keyId, Secret key) {
    return seal(key.reveal(), tokenKeyOf(keyId));
  }

  Secret openTokenKey(UUID keyId, @Nullable Integer masterVersion, byte[] sealed)
      throws GeneralSecurityException {
    return Secret.of(open(masterVersion, sealed, tokenKeyOf(keyId)));
  }

  Sealed sealAnswer(String scope, String actor, String key, Secret answer) {
    return seal(answer.reveal(), answerOf(scope, actor, key));
  }

  Secret openAnswer(
      String scope, String actor, String key, @Nullable Integer masterVersion, byte[] sealed)
      throws GeneralSecurityException {
    return Secret.of(open(masterVersion, sealed, answerOf(scope, actor, key)));
  }

  private Sealed seal(byte[] clear, byte[] associatedData) {
    int newest = newest();
    try {
      return new Sealed(newest, aead(newest).encrypt(clear, associatedData));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing failed", e);
    }
  }

  /**
   * Opens what was sealed.
   *
   * @param version of the master key; null where the root itself sealed it
   */
  byte[] open(@Nullable Integer version, byte[] sealed, byte[] associatedData)
      throws GeneralSecurityException {
    return version == null
        ? byRoot(() -> root.unwrap(sealed, associatedData))
        : aead(version).decrypt(sealed, associatedData);
  }

  private interface RootCall {
    byte[] run() throws GeneralSecurityException, IOException;
  }

  private static byte[] byRoot(RootCall call) throws GeneralSecurityException {
    try {
      return call.run();
    } catch (IOException e) {
      throw new KeysUnavailableException("the master key cannot be reached: " + e.getMessage(), e);
    }
  }

  private Aead aead(int version) throws GeneralSecurityException {
    Aead known = opened.getIfPresent(version);
    if (known != null) {
      return known;
    }
    Secret key = wrapped.get(version);
    if (key == null) {
      read();
      key = wrapped.get(version);
    }
    if (key == null) {
      throw new GeneralSecurityException("there is no master key of version " + version);
    }
    byte[] sealed = key.reveal();
    Aead aead = new AesGcmJce(byRoot(() -> root.unwrap(sealed, masterKeyOf(version))));
    opened.put(version, aead);
    return aead;
  }

  /** The newest version, as of {@link #NEWEST_KNOWN_FOR} ago at the earliest. */
  private int newest() {
    if (wrapped.isEmpty() || readAt.plus(NEWEST_KNOWN_FOR).isBefore(Instant.now())) {
      read();
    }
    if (wrapped.isEmpty()) {
      database.asKeys(
          handle -> {
            lock(handle);
            return newestStored(handle) > 0 ? 0 : add(handle);
          });
      read();
    }
    return wrapped.lastKey();
  }

  private void read() {
    Instant now = Instant.now();
    database.asKeys(
        handle ->
            handle
                .createQuery("SELECT version, wrapped FROM master_key")
                .map(
                    (row, _) ->
                        wrapped.putIfAbsent(
                            row.getInt("version"), Secret.of(row.getBytes("wrapped"))))
                .list());
    readAt = now;
  }

  /** Nobody else adds a master key, or begins a rotation, until the transaction ends. */
  static void lock(Handle handle) {
    handle.execute("SELECT pg_advisory_xact_lock(hashtext('mantle.master-key'))");
  }

  private static int newestStored(Handle handle) {
    return handle
        .createQuery("SELECT coalesce(max(version), 0) FROM master_key")
        .mapTo(Integer.class)
        .one();
  }

  /** Adds a master key, wrapped by the root as it is now; for who holds the lock. */
  int add(Handle handle) {
    int version = newestStored(handle) + 1;
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    try {
      handle
          .createUpdate(
              "INSERT INTO master_key (version, wrapped, wrapped_by)"
                  + " VALUES (:version, :wrapped, :root)")
          .bind("version", version)
          .bind("wrapped", byRoot(() -> root.wrap(key, masterKeyOf(version))))
          .bind("root", root.keyId())
          .execute();
      return version;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the root does not wrap a master key", e);
    }
  }

  /** Seals by this version or a newer one from now on, whoever added it. */
  void know(int version) {
    if (newest() < version) {
      forgetWhichIsNewest();
    }
  }

  /**
   * Makes sure that there is one to seal by, in a transaction of its own: one that was added in a
   * transaction which then fails would be known here, and to nobody else.
   */
  void ready() {
    newest();
  }

  /** From the next use on, what was added is known. */
  void forgetWhichIsNewest() {
    readAt = Instant.MIN;
  }

  private static byte[] masterKeyOf(int version) {
    return ("mantle/master-key/" + version).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] tenantKeyOf(String tenantId, int version) {
    return ("mantle/tenant/" + tenantId + "/key/" + version).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] tokenKeyOf(UUID keyId) {
    return ("mantle/token-key/" + keyId).getBytes(StandardCharsets.UTF_8);
  }

  // Neither a scope nor an actor has a slash; the key comes last.
  private static byte[] answerOf(String scope, String actor, String key) {
    return ("mantle/answer/" + scope + "/" + actor + "/" + key).getBytes(StandardCharsets.UTF_8);
  }
}
