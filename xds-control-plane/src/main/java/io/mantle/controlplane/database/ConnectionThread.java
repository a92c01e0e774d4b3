package io.mantle.controlplane.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon thread with a connection of its own, outside of any pool. Closing it cuts off the
 * connection, so that a statement that waits ends, interrupts the thread and waits for it, up to
 * {@value #END_MILLIS_MAX} ms.
 */
final class ConnectionThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionThread.class);
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(15);
  private static final int END_MILLIS_MAX = 2_000;

  private final Database database;
  private final String applicationName;
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable Connection connection;

  /**
   * Runs nothing yet.
   *
   * @param applicationName what the connection is called in Postgres
   * @param run returns soon after {@link #isClosed}
   */
  ConnectionThread(Database database, String threadName, String applicationName, Runnable run) {
    this.database = database;
    this.applicationName = applicationName;
    this.thread = Thread.ofPlatform().daemon().name(threadName).unstarted(run);
  }

  void start() {
    thread.start();
  }

  /** Opens its connection; the thread closes it. */
  Connection connect() throws SQLException {
    Connection opened = database.dedicatedConnection(applicationName, SOCKET_TIMEOUT);
    connection = opened;
    return opened;
  }

  boolean isClosed() {
    return closed;
  }

  /** Has the thread end; for the thread itself, when it was interrupted. */
  void end() {
    closed = true;
  }

  void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      end();
    }
  }

  @Override
  public void close() {
    end();
    Connection open = connection;
    if (open != null) {
      try {
        open.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.debug("The connection {} was closed already", applicationName);
      }
    }
    thread.interrupt();
    try {
      thread.join(END_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
