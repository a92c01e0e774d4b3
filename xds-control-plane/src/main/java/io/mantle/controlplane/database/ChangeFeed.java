package io.mantle.controlplane.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Word of what changed: a connection of its own that listens for the triggers' notifications, on a
 * thread of its own.
 *
 * <p>No number orders the changes, so none can commit out of order: a notification, which Postgres
 * sends when its transaction is there to be read, names a tenant, and the follower reads that
 * tenant as it then stands. It listens before it has its follower read everything, so no change is
 * missed between; after a lost connection it does both again, waiting longer from try to try (0.1
 * to 5 s). Reading everything is the one way to catch up that is also right where the database
 * itself went back: a standby that took over without the last commits, a backup that was restored.
 *
 * <p>Changes that come within {@value #COALESCE_MILLIS} ms of each other are told once. A follower
 * that fails counts as a lost connection, so nothing is ever skipped.
 */
public final class ChangeFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
  private static final int COALESCE_MILLIS = 10;
  private static final int POLL_MILLIS = 1_000;
  private static final int RETRY_FIRST_MILLIS = 100;
  private static final int RETRY_LAST_MILLIS = 5_000;

  /**
   * Who is told. Called by one thread, one call at a time.
   *
   * <p>{@code heardAtNanos} is {@link System#nanoTime} when word came, or, where it came while the
   * follower was at work, when that began.
   */
  public interface Follower {
    /** Anything may have changed: read all. */
    void everythingChanged(long heardAtNanos);

    /** These tenants changed, came or went. */
    void tenantsChanged(Set<String> tenantIds, long heardAtNanos);
  }

  private final Follower follower;
  private final ConnectionThread thread;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private volatile boolean connected;
  private volatile long currentAsOfNanos = System.nanoTime();

  public ChangeFeed(Database database, Follower follower) {
    this.follower = follower;
    this.thread = new ConnectionThread(database, "change-feed", "mantle_change_feed", this::run);
  }

  public void start() {
    thread.start();
  }

  /** Waits until the follower has read everything once. False if that took longer. */
  public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
    return caughtUp.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether changes reach the follower now. */
  public boolean isConnected() {
    return connected;
  }

  /**
   * How long ago it was last known that the follower was told everything. About a second at most
   * while nothing changes; it grows while the database is away, or the follower at work.
   */
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - currentAsOfNanos);
  }

  private void run() {
    int failures = 0;
    while (!thread.isClosed()) {
      try {
        follow();
      } catch (SQLException | RuntimeException e) {
        if (thread.isClosed()) {
          return;
        }
        failures = connected ? 1 : failures + 1;
        connected = false;
        LOG.warn("The change feed lost its database ({}); trying again", e.getMessage());
        pause(failures);
      }
    }
  }

  private void follow() throws SQLException {
    try (Connection listening = thread.connect()) {
      try (Statement statement = listening.createStatement()) {
        statement.execute("LISTEN mantle_change");
      }
      long asOfNanos = System.nanoTime();
      follower.everythingChanged(asOfNanos);
      currentAsOfNanos = asOfNanos;
      connected = true;
      caughtUp.countDown();
      LOG.info("The change feed is connected");
      PGConnection notifications = listening.unwrap(PGConnection.class);
      while (!thread.isClosed()) {
        asOfNanos = tellNext(listening, notifications, asOfNanos);
      }
    }
  }

  /**
   * Waits for changes and tells of them.
   *
   * @param asOfNanos a moment of which everything was told
   * @return a later such moment
   */
  private long tellNext(Connection listening, PGConnection notifications, long asOfNanos)
      throws SQLException {
    Set<String> changed = new LinkedHashSet<>();
    long askedAtNanos = System.nanoTime();
    assertAlive(listening); // also reads what came while the follower was at work
    collect(notifications.getNotifications(), changed);
    long heardAtNanos = asOfNanos;
    if (changed.isEmpty()) {
      currentAsOfNanos = askedAtNanos;
      collect(notifications.getNotifications(POLL_MILLIS), changed);
      heardAtNanos = System.nanoTime();
      if (changed.isEmpty()) {
        return heardAtNanos;
      }
    }
    thread.sleep(COALESCE_MILLIS);
    assertAlive(listening);
    collect(notifications.getNotifications(), changed);
    long collectedAtNanos = System.nanoTime();
    if (changed.contains("")) {
      follower.everythingChanged(heardAtNanos);
    } else {
      follower.tenantsChanged(changed, heardAtNanos);
    }
    currentAsOfNanos = collectedAtNanos;
    return collectedAtNanos;
  }

  private static void collect(PGNotification @Nullable [] notifications, Set<String> into) {
    if (notifications != null) {
      for (PGNotification notification : notifications) {
        into.add(notification.getParameter());
      }
    }
  }

  /** A connection whose other end vanished says so only when it is used. */
  private static void assertAlive(Connection listening) throws SQLException {
    try (Statement statement = listening.createStatement()) {
      statement.execute("SELECT 1");
    }
  }

  private void pause(int failures) {
    long ceiling =
        Math.min(RETRY_LAST_MILLIS, (long) RETRY_FIRST_MILLIS << Math.min(failures - 1, 10));
    thread.sleep(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1));
  }

  @Override
  public void close() {
    thread.close();
  }
}
