package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.uuid;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;

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

  private record Sealed(UUID id, Secret sealed) {}

  /** The newest keys, newest first; at least one. */
  public List<TokenKey> all() {
    List<Sealed> sealed =
        database.asIdentity(
            handle -> {
              handle.execute("SELECT pg_advisory_xact_lock(hashtext('mantle.token-key'))");
              UUID id = UUID.randomUUID();
              byte[] key = new byte[KEY_BYTES];
              random.nextBytes(key);
              handle
                  .createUpdate(
                      "INSERT INTO token_key (id, sealed) SELECT :id, :sealed"
                          + " WHERE NOT EXISTS (SELECT FROM token_key)")
                  .bind("id", id)
                  .bind("sealed", masterKey.sealTokenKey(id, Secret.of(key)))
                  .execute();
              return handle
                  .createQuery(
                      "SELECT id, sealed FROM token_key ORDER BY created_at DESC, id LIMIT :max")
                  .bind("max", KEYS_MAX)
                  .map((row, _) -> new Sealed(uuid(row, "id"), Secret.of(row.getBytes("sealed"))))
                  .list();
            });
    return sealed.stream().map(this::open).toList();
  }

  private TokenKey open(Sealed row) {
    try {
      return new TokenKey(row.id, masterKey.openTokenKey(row.id, row.sealed.reveal()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the master keyset does not open a token key", e);
    }
  }
}
