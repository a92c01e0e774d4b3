package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.uuid;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What signs access tokens: 256 bits that all control planes of a database share, sealed by the
 * master key. The first to ask makes it. Thread-safe.
 */
public final class TokenKeys {
  private static final int KEY_BYTES = 32;
  private static final int KEYS_MAX = 10;

  private final Database database;
  private final MasterKey masterKey;
  private final SecureRandom random = new SecureRandom();

  public TokenKeys(Database database, MasterKey masterKey) {
    this.database = database;
    this.masterKey = masterKey;
  }

  /** A key and what it is called. */
  public record TokenKey(UUID id, Secret key) {}

  private record Stored(UUID id, Secret sealed, @Nullable Integer masterVersion) {}

  /** The newest keys, newest first; at least one. */
  public List<TokenKey> all() {
    List<Stored> stored =
        database.asIdentity(
            handle -> {
              handle.execute("SELECT pg_advisory_xact_lock(hashtext('mantle.token-key'))");
              UUID id = UUID.randomUUID();
              byte[] key = new byte[KEY_BYTES];
              random.nextBytes(key);
              Sealed sealed = masterKey.sealTokenKey(id, Secret.of(key));
              handle
                  .createUpdate(
                      "INSERT INTO token_key (id, sealed, master_version)"
                          + " SELECT :id, :sealed, :master WHERE NOT EXISTS (SELECT FROM token_key)")
                  .bind("id", id)
                  .bind("sealed", sealed.bytes())
                  .bind("master", sealed.keyVersion())
                  .execute();
              return handle
                  .createQuery(
                      "SELECT id, sealed, master_version FROM token_key ORDER BY created_at DESC, id LIMIT :max")
                  .bind("max", KEYS_MAX)
                  .map(
                      (row, _) ->
                          new Stored(
                              uuid(row, "id"),
                              Secret.of(row.getBytes("sealed")),
                              row.getObject("master_version", Integer.class)))
                  .list();
            });
    return stored.stream().map(this::open).toList();
  }

  private TokenKey open(Stored row) {
    try {
      return new TokenKey(
          row.id, masterKey.openTokenKey(row.id, row.masterVersion, row.sealed.reveal()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the master keyset does not open a token key", e);
    }
  }
}
