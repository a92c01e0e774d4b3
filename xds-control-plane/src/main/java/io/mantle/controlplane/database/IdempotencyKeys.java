package io.mantle.controlplane.database;

import java.security.GeneralSecurityException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The answers to POSTs that carried an {@code Idempotency-Key}, sealed, for {@value #HOURS_MAX}
 * hours. Claiming a key and storing its answer belong into the transaction of the work: whoever
 * sends the same key meanwhile waits for its end, and a failed one leaves nothing. Thread-safe.
 */
public final class IdempotencyKeys {
  private static final int HOURS_MAX = 24;
  private static final int PER_SCOPE_MAX = 10_000;

  private final Database database;
  private final MasterKey masterKey;

  public IdempotencyKeys(Database database, MasterKey masterKey) {
    this.database = database;
    this.masterKey = masterKey;
  }

  /**
   * Which request is meant.
   *
   * @param scope a tenant's id, or {@code ~} and the actor
   * @param key as the client chose it
   */
  public record Claim(String scope, String actor, String key) {}

  /** What was found under a key. */
  public sealed interface Found {
    /** Nothing: the key is the caller's from here on, and {@link #store} is to follow. */
    record Nothing() implements Found {}

    /** Another request. */
    record AnotherRequest() implements Found {}

    /** The same request, answered so. */
    record Answer(Secret answer) implements Found {}
  }

  public Found claim(Claim claim, String request) {
    byte[] requestSha256 = Sha256.of(request);
    return database.asTenant(
        claim.scope,
        handle -> {
          handle
              .createUpdate(
                  "DELETE FROM idempotency_key WHERE tenant_id = :tenant AND (created_at < now() -"
                      + " make_interval(hours => :hours) OR created_at < (SELECT created_at FROM"
                      + " idempotency_key WHERE tenant_id = :tenant ORDER BY created_at DESC"
                      + " OFFSET :max LIMIT 1))")
              .bind("tenant", claim.scope)
              .bind("hours", HOURS_MAX)
              .bind("max", PER_SCOPE_MAX)
              .execute();
          int claimed =
              handle
                  .createUpdate(
                      "INSERT INTO idempotency_key (tenant_id, actor, key, request_sha256)"
                          + " VALUES (:tenant, :actor, :key, :request)"
                          + " ON CONFLICT (tenant_id, actor, key) DO NOTHING")
                  .bind("tenant", claim.scope)
                  .bind("actor", claim.actor)
                  .bind("key", claim.key)
                  .bind("request", requestSha256)
                  .execute();
          if (claimed == 1) {
            return new Found.Nothing();
          }
          Optional<Found> found =
              handle
                  .createQuery(
                      "SELECT request_sha256, answer_sealed, master_version FROM idempotency_key WHERE"
                          + " tenant_id = :tenant AND actor = :actor AND key = :key")
                  .bind("tenant", claim.scope)
                  .bind("actor", claim.actor)
                  .bind("key", claim.key)
                  .map((row, _) -> found(row, claim, requestSha256))
                  .findOne();
          return found.orElseThrow(() -> new IllegalStateException("what conflicted is gone"));
        });
  }

  private Found found(ResultSet row, Claim claim, byte[] requestSha256) throws SQLException {
    if (!Arrays.equals(row.getBytes("request_sha256"), requestSha256)) {
      return new Found.AnotherRequest();
    }
    byte[] sealed = row.getBytes("answer_sealed");
    if (sealed == null) {
      throw new IllegalStateException("a claim without its answer was committed");
    }
    try {
      return new Found.Answer(
          masterKey.openAnswer(
              claim.scope,
              claim.actor,
              claim.key,
              row.getObject("master_version", Integer.class),
              sealed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the master keyset does not open a stored answer", e);
    }
  }

  /** Stores the answer to the request that claimed the key in this transaction. */
  public void store(Claim claim, Secret answer) {
    Sealed sealed = masterKey.sealAnswer(claim.scope, claim.actor, claim.key, answer);
    database.asTenant(
        claim.scope,
        handle ->
            handle
                .createUpdate(
                    "UPDATE idempotency_key SET answer_sealed = :answer, master_version = :master WHERE tenant_id = :tenant"
                        + " AND actor = :actor AND key = :key")
                .bind("tenant", claim.scope)
                .bind("actor", claim.actor)
                .bind("key", claim.key)
                .bind("answer", sealed.bytes())
                .bind("master", sealed.keyVersion())
                .execute());
  }
}
