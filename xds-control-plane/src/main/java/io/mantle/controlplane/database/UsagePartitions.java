package io.mantle.controlplane.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The months of the usage table: made {@value #MONTHS_AHEAD} ahead, dropped when all of their rows
 * are older than the retention. The sums of days stay {@value #SUMS_MONTHS} months. A job of {@link
 * LeaderWork}, of which two may run at once: who does not get the lock leaves it to the one that
 * has it.
 */
public final class UsagePartitions {
  private static final Logger LOG = LoggerFactory.getLogger(UsagePartitions.class);
  private static final int MONTHS_AHEAD = 3;
  private static final int SUMS_MONTHS = 61; // longer than the row security of usage_day has it
  private static final Duration SOCKET_TIMEOUT = Duration.ofMinutes(10);
  private static final String LOCK_TIMEOUT = "5s"; // who writes usage waits behind who waits
  private static final long LOCK = 0x6d616e746c650001L;
  private static final String PREFIX = "usage_";
  private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyy_MM");

  private final Database database;
  private final int retentionMonths;
  private final Clock clock;

  /**
   * Of a database.
   *
   * @param retentionMonths whole months that are kept besides the one that is running
   */
  public UsagePartitions(Database database, int retentionMonths, Clock clock) {
    this.database = database;
    this.retentionMonths = retentionMonths;
    this.clock = clock;
  }

  /** Makes and drops what is due; false where another control plane is at it. */
  public boolean keep() throws SQLException {
    try (Connection connection =
            database.dedicatedConnection("mantle_usage_partitions", SOCKET_TIMEOUT);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      if (!isTrue(statement, "SELECT pg_try_advisory_xact_lock(" + LOCK + ")")) {
        return false;
      }
      statement.execute("SET LOCAL lock_timeout = '" + LOCK_TIMEOUT + "'");
      YearMonth now = YearMonth.from(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
      for (int i = 0; i <= MONTHS_AHEAD; i++) {
        YearMonth month = now.plusMonths(i);
        if (isTrue(statement, "SELECT mantle_add_usage_month('" + month.atDay(1) + "')")) {
          LOG.info("Made the usage table of {}", month);
        }
      }
      YearMonth oldest = now.minusMonths(retentionMonths);
      for (String table : tables(statement)) {
        if (isBefore(table, oldest)) {
          statement.execute("DROP TABLE " + table);
          LOG.info("Dropped {}, older than {} months", table, retentionMonths);
        }
      }
      statement.execute("DELETE FROM usage_rest WHERE started_at < '" + oldest.atDay(1) + " UTC'");
      LocalDate oldestSum = now.minusMonths(Math.max(SUMS_MONTHS, retentionMonths)).atDay(1);
      statement.execute("DELETE FROM usage_day WHERE day < '" + oldestSum + "'");
      connection.commit();
      return true;
    }
  }

  private static List<String> tables(Statement statement) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'usage'::regclass"
                + " ORDER BY 1")) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  /** Whether it is the table of a month before that one. */
  private static boolean isBefore(String table, YearMonth oldest) {
    try {
      return YearMonth.parse(table.substring(PREFIX.length()), NAME).isBefore(oldest);
    } catch (DateTimeParseException e) {
      return false; // the rest
    }
  }

  private static boolean isTrue(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      return row.next() && row.getBoolean(1);
    }
  }
}
