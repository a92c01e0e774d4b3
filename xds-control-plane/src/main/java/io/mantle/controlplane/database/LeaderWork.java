package io.mantle.controlplane.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one control plane does for all that share a database: retention, rotations and the like. The
 * leader is who holds an advisory lock of the database on a connection of its own; when that
 * connection ends, however it ends, another takes over within about {@value #ASK_MILLIS} ms.
 *
 * <p>Jobs run one after another on one thread, each for the first time as soon as this control
 * plane leads, then at its pace. One that fails is logged and tried again at its pace, and holds up
 * no other. Not guaranteed: a leader that was cut off learns so only when it asks, so for a moment
 * two may work. A job must therefore bear being run twice at once, and a long one asks between its
 * steps whether it is still the leader's.
 */
public final class LeaderWork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderWork.class);
  private static final int ASK_MILLIS = 1_000;

  /** "mantle" in ASCII: of the locks of this database, the leader's. */
  private static final long LOCK = 0x6d616e746c65L;

  private final List<Job> jobs = new CopyOnWriteArrayList<>();
  private final ConnectionThread thread;
  private volatile boolean leading;

  public LeaderWork(Database database) {
    this.thread = new ConnectionThread(database, "leader-work", "mantle_leader", this::run);
  }

  /** A job. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does it.
     *
     * @param stillLeads asks the database; false from when this control plane leads no more
     */
    void run(BooleanSupplier stillLeads) throws Exception;
  }

  /**
   * Adds a job; before or after {@link #start}.
   *
   * @param name for the log
   * @param pace from one beginning to the next, at least {@value #ASK_MILLIS} ms
   */
  public LeaderWork every(Duration pace, String name, Work work) {
    jobs.add(new Job(name, pace, work));
    return this;
  }

  public LeaderWork start() {
    thread.start();
    return this;
  }

  /** Whether this control plane leads, as far as it knows. */
  public boolean isLeading() {
    return leading;
  }

  private void run() {
    while (!thread.isClosed()) {
      try (Connection own = thread.connect()) {
        while (!thread.isClosed()) {
          lead(own);
        }
      } catch (SQLException e) {
        if (!thread.isClosed()) {
          LOG.warn("The connection that leads, or waits to, was lost ({})", e.getMessage());
          thread.sleep(ASK_MILLIS);
        }
      } finally {
        leading = false;
      }
    }
  }

  private void lead(Connection own) throws SQLException {
    if (!leading) {
      leading = isTrue(own, "SELECT pg_try_advisory_lock(" + LOCK + ")");
      if (leading) {
        LOG.info("This control plane leads");
        jobs.forEach(job -> job.lastBegunNanos = null);
      }
    } else if (!isTrue(own, "SELECT true")) {
      throw new SQLException("the database denies what is true");
    }
    if (leading) {
      for (Job job : jobs) {
        if (!thread.isClosed() && job.isDue()) {
          run(job, own);
        }
      }
    }
    thread.sleep(ASK_MILLIS);
  }

  private void run(Job job, Connection own) {
    job.lastBegunNanos = System.nanoTime();
    try {
      job.work.run(() -> !thread.isClosed() && holds(own));
    } catch (InterruptedException e) {
      thread.end();
    } catch (Exception e) {
      LOG.error("The leader's job '{}' failed and is tried again in {}", job.name, job.pace, e);
    }
  }

  private static boolean holds(Connection own) {
    try {
      return isTrue(own, "SELECT true"); // the lock lasts as long as its connection
    } catch (SQLException e) {
      return false;
    }
  }

  private static boolean isTrue(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(query)) {
      return answer.next() && answer.getBoolean(1);
    }
  }

  /** Ends it; another control plane may lead at once. A job that runs is interrupted. */
  @Override
  public void close() {
    thread.close();
  }

  private static final class Job {
    private final String name;
    private final Duration pace;
    private final Work work;
    private @Nullable Long lastBegunNanos;

    private Job(String name, Duration pace, Work work) {
      this.name = name;
      this.pace = pace;
      this.work = work;
    }

    private boolean isDue() {
      Long last = lastBegunNanos;
      return last == null || System.nanoTime() - last >= pace.toNanos();
    }
  }
}
