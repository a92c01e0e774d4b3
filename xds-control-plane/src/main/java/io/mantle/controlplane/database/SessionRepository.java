package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.uuid;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Sessions and their refresh tokens, each of which is good for one use. Times are the database's.
 * Thread-safe.
 */
public final class SessionRepository {
  private static final int PER_ACCOUNT_MAX = 50;

  private final Database database;
  private final Duration sessionMax;
  private final Duration idleMax;

  /**
   * For sessions of at most this long.
   *
   * @param sessionMax from login to the next one
   * @param idleMax how long a refresh token is good
   */
  public SessionRepository(Database database, Duration sessionMax, Duration idleMax) {
    this.database = database;
    this.sessionMax = sessionMax;
    this.idleMax = idleMax;
  }

  /** Begins a session; the oldest of the account ends where it has too many. */
  public UUID begin(UUID accountId, RandomToken refresh) {
    UUID id = UUID.randomUUID();
    return database.asIdentity(
        handle -> {
          handle
              .createUpdate(
                  """
                  DELETE FROM session WHERE account_id = :account AND (expires_at < now()
                    OR ended_at IS NOT NULL OR id IN (SELECT id FROM session
                      WHERE account_id = :account ORDER BY created_at DESC OFFSET :max))
                  """)
              .bind("account", accountId)
              .bind("max", PER_ACCOUNT_MAX - 1)
              .execute();
          handle
              .createUpdate(
                  "INSERT INTO session (id, account_id, expires_at) VALUES"
                      + " (:id, :account, now() + make_interval(secs => :seconds))")
              .bind("id", id)
              .bind("account", accountId)
              .bind("seconds", sessionMax.toSeconds())
              .execute();
          addRefresh(handle, id, refresh);
          return id;
        });
  }

  /** What a refresh token led to. */
  public sealed interface Rotation {
    /** The session goes on. */
    record Rotated(UUID sessionId, UUID accountId) implements Rotation {}

    /** The token had been used: somebody has a copy, so the session is over. */
    record Reused(UUID sessionId, UUID accountId) implements Rotation {}

    /** There is no such token, or it is too old, or its session is over. */
    record Unknown() implements Rotation {}
  }

  /** Uses a token and puts the next in its place. */
  public Rotation rotate(String used, RandomToken next) {
    return database.asIdentity(
        handle -> {
          Optional<UUID> session =
              handle
                  .createQuery(
                      "UPDATE refresh_token SET used_at = now() WHERE sha256 = :sha256"
                          + " AND used_at IS NULL AND expires_at > now() RETURNING session_id")
                  .bind("sha256", Sha256.of(used))
                  .mapTo(UUID.class)
                  .findOne();
          if (session.isPresent()) {
            Optional<UUID> account = liveAccount(handle, session.get());
            if (account.isPresent()) {
              addRefresh(handle, session.get(), next);
              return new Rotation.Rotated(session.get(), account.get());
            }
            return new Rotation.Unknown();
          }
          return handle
              .createQuery(
                  "UPDATE session SET ended_at = now() FROM refresh_token WHERE sha256 = :sha256"
                      + " AND used_at IS NOT NULL AND session.id = session_id AND ended_at IS NULL"
                      + " RETURNING session.id, session.account_id")
              .bind("sha256", Sha256.of(used))
              .map(
                  (row, _) ->
                      (Rotation) new Rotation.Reused(uuid(row, "id"), uuid(row, "account_id")))
              .findOne()
              .orElseGet(Rotation.Unknown::new);
        });
  }

  /** Ends the session of a refresh token, whether it was used or not. */
  public void end(String refresh) {
    database.asIdentity(
        handle ->
            handle
                .createUpdate(
                    "UPDATE session SET ended_at = now() FROM refresh_token"
                        + " WHERE sha256 = :sha256 AND session.id = session_id"
                        + " AND ended_at IS NULL")
                .bind("sha256", Sha256.of(refresh))
                .execute());
  }

  private static Optional<UUID> liveAccount(Handle handle, UUID sessionId) {
    return handle
        .createQuery(
            "SELECT account_id FROM session WHERE id = :id AND ended_at IS NULL"
                + " AND expires_at > now()")
        .bind("id", sessionId)
        .mapTo(UUID.class)
        .findOne();
  }

  private void addRefresh(Handle handle, UUID sessionId, RandomToken refresh) {
    handle
        .createUpdate("DELETE FROM refresh_token WHERE session_id = :id AND expires_at < now()")
        .bind("id", sessionId)
        .execute();
    handle
        .createUpdate(
            "INSERT INTO refresh_token (sha256, session_id, expires_at) VALUES"
                + " (:sha256, :id, now() + make_interval(secs => :seconds))")
        .bind("sha256", refresh.sha256())
        .bind("id", sessionId)
        .bind("seconds", idleMax.toSeconds())
        .execute();
  }
}
