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
 * <p>It listens before it has its follower read everything, so no change is missed between; after a
 * lost connection it does both again, waiting longer from try to try (0.1 to 5 s). Changes that
 * come within {@value #COALESCE_MILLIS} ms of each other are told once. A follower that fails
 * counts as a lost connection, so nothing is ever skipped.
 */
public final class ChangeFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
  private static final int COALESCE_MILLIS = 10;
  private static final int POLL_MILLIS = 5_000;
  private static final int RETRY_FIRST_MILLIS = 100;
  private static final int RETRY_LAST_MILLIS = 5_000;

  /** Who is told. Called by one thread, one call at a time. */
  public interface Follower {
    /** Anything may have changed: read all. */
    void everythingChanged();

    /** These tenants changed, came or went. */
    void tenantsChanged(Set<String> tenantIds);
  }

  private final Database database;
  private final Follower follower;
  private final Thread thread;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private volatile boolean closed;
  private volatile boolean connected;
  private volatile @Nullable Connection connection;

  public ChangeFeed(Database database, Follower follower) {
    this.database = database;
    this.follower = follower;
    this.thread = Thread.ofPlatform().daemon().name("change-feed").unstarted(this::run);
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

  private void run() {
    int failures = 0;
    while (!closed) {
      try {
        follow();
      } catch (SQLException | RuntimeException e) {
        if (closed) {
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
    try (Connection listening =
        database.dedicatedConnection("mantle_change_feed", Duration.ofSeconds(15))) {
      connection = listening;
      try (Statement statement = listening.createStatement()) {
        statement.execute("LISTEN mantle_change");
      }
      follower.everythingChanged();
      connected = true;
      caughtUp.countDown();
      LOG.info("The change feed is connected");
      PGConnection notifications = listening.unwrap(PGConnection.class);
      while (!closed) {
        Set<String> changed = new LinkedHashSet<>();
        collect(notifications.getNotifications(POLL_MILLIS), changed);
        if (changed.isEmpty()) {
          assertAlive(listening);
          continue;
        }
        sleep(COALESCE_MILLIS);
        assertAlive(listening); // reads what has come since, too
        collect(notifications.getNotifications(), changed);
        tell(changed);
      }
    } finally {
      connection = null;
    }
  }

  private void tell(Set<String> changed) {
    if (changed.contains("")) {
      follower.everythingChanged();
    } else {
      follower.tenantsChanged(changed);
    }
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
    sleep(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1));
  }

  private void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    Connection open = connection;
    if (open != null) {
      try {
        open.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.debug("The change feed's connection was closed already");
      }
    }
    thread.interrupt();
    try {
      thread.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
