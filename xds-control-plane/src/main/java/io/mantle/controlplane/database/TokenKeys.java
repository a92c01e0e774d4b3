package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.uuid;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What signs access tokens: keys of 256 bits that all control planes of a database share, sealed by
 * the master key. The newest signs. The first to ask makes one, and another where the newest is
 * {@value #AGE_DAYS_MAX} days old; an older one goes {@link #OVERLAP} after the next was made.
 * Times are the database's. Thread-safe.
 */
public final class TokenKeys {
  /** How long a key is still good for what it signed, counted from the making of the next. */
  public static final Duration OVERLAP = Duration.ofMinutes(20);

  private static final int KEY_BYTES = 32;
  private static final int KEYS_MAX = 10;
  private static final int AGE_DAYS_MAX = 30;

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

  /** The keys that are good now, the one that signs first; at least one. */
  public List<TokenKey> all() {
    List<Stored> stored =
        database.asIdentity(
            handle -> {
              lock(handle);
              boolean isFresh =
                  handle
                      .createQuery(
                          "SELECT EXISTS (SELECT FROM token_key"
                              + " WHERE created_at > now() - make_interval(days => :days))")
                      .bind("days", AGE_DAYS_MAX)
                      .mapTo(Boolean.class)
                      .one();
              if (!isFresh) {
                add(handle);
              }
              handle
                  .createUpdate(
                      """
                      DELETE FROM token_key WHERE EXISTS (SELECT FROM token_key AS next
                        WHERE next.created_at > token_key.created_at
                          AND next.created_at < now() - make_interval(secs => :seconds))
                      """)
                  .bind("seconds", OVERLAP.toSeconds())
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

  /** Makes the key that signs from now on. */
  public UUID rotate() {
    return database.asIdentity(
        handle -> {
          lock(handle);
          return add(handle);
        });
  }

  private static void lock(Handle handle) {
    handle.execute("SELECT pg_advisory_xact_lock(hashtext('mantle.token-key'))");
  }

  private UUID add(Handle handle) {
    UUID id = UUID.randomUUID();
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    Sealed sealed = masterKey.sealTokenKey(id, Secret.of(key));
    handle
        .createUpdate(
            "INSERT INTO token_key (id, sealed, master_version) VALUES (:id, :sealed, :master)")
        .bind("id", id)
        .bind("sealed", sealed.bytes())
        .bind("master", sealed.keyVersion())
        .execute();
    return id;
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
