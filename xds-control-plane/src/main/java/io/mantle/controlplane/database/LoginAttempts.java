package io.mantle.controlplane.database;

import java.time.Duration;
import java.util.Optional;

/**
 * How often a password was wrong. After {@value #FREE_FAILURES} failures an address waits 1 s, then
 * twice as long each time, up to {@value #WAIT_SECONDS_MAX} s; a day without a failure, or a right
 * password, forgets them. An address without an account is treated the same. Thread-safe.
 */
public final class LoginAttempts {
  private static final int FREE_FAILURES = 5;
  private static final int WAIT_SECONDS_MAX = 900;

  private final Database database;

  public LoginAttempts(Database database) {
    this.database = database;
  }

  /**
   * Counts an attempt before its password is looked at, as if it failed, so that many at once count
   * as many.
   *
   * @return how long the address has to wait, where it may not try now
   */
  public Optional<Duration> begin(String email) {
    return database.asIdentity(
        handle -> {
          handle.execute("DELETE FROM login_attempt WHERE last_at < now() - interval '1 day'");
          int counted =
              handle
                  .createUpdate(
                      """
                      INSERT INTO login_attempt AS stored
                        (email_sha256, failures, last_at, locked_until)
                      VALUES (:email, 1, now(), now())
                      ON CONFLICT (email_sha256) DO UPDATE
                        SET failures = least(stored.failures + 1, 1000), last_at = now(),
                            locked_until = now() + make_interval(secs =>
                              CASE WHEN stored.failures + 1 < :free THEN 0
                                   ELSE least(:max, power(2, least(stored.failures + 1 - :free, 20)))
                              END)
                        WHERE stored.locked_until <= now()
                      """)
                  .bind("email", Sha256.of(email))
                  .bind("free", FREE_FAILURES)
                  .bind("max", WAIT_SECONDS_MAX)
                  .execute();
          if (counted == 1) {
            return Optional.<Duration>empty();
          }
          return handle
              .createQuery(
                  "SELECT greatest(1, ceil(extract(epoch FROM locked_until - now())))::bigint"
                      + " FROM login_attempt WHERE email_sha256 = :email")
              .bind("email", Sha256.of(email))
              .mapTo(Long.class)
              .findOne()
              .map(Duration::ofSeconds);
        });
  }

  /** The last one that began was none to count; those before it stay. */
  public void forgive(String email) {
    database.asIdentity(
        handle -> {
          handle
              .createUpdate(
                  "DELETE FROM login_attempt WHERE email_sha256 = :email AND failures <= 1")
              .bind("email", Sha256.of(email))
              .execute();
          return handle
              .createUpdate(
                  "UPDATE login_attempt SET failures = failures - 1, locked_until = last_at"
                      + " WHERE email_sha256 = :email")
              .bind("email", Sha256.of(email))
              .execute();
        });
  }

  /** The password was right. */
  public void succeeded(String email) {
    database.asIdentity(
        handle ->
            handle
                .createUpdate("DELETE FROM login_attempt WHERE email_sha256 = :email")
                .bind("email", Sha256.of(email))
                .execute());
  }
}
