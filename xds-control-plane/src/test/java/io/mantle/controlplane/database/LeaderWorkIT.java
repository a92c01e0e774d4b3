package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.controlplane.Eventually;
import io.mantle.controlplane.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two control planes on one database, of which one at a time does what is to be done once. */
class LeaderWorkIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  private TestPostgres postgres;
  private Database database;
  private LeaderWork first;
  private LeaderWork second;
  private final AtomicInteger firstRuns = new AtomicInteger();
  private final AtomicInteger secondRuns = new AtomicInteger();

  TestPostgres newPostgres() throws SQLException {
    return TestPostgres.create();
  }

  @BeforeEach
  void start() throws Exception {
    postgres = newPostgres();
    database = Database.open(postgres.url());
    first = new LeaderWork(database);
    first
        .every(Duration.ofHours(1), "breaks", _ -> throwOnce())
        .every(Duration.ofHours(1), "counts", _ -> firstRuns.incrementAndGet())
        .start();
    Eventually.isTrue("the first leads", SOON, () -> firstRuns.get() == 1);
    second = new LeaderWork(database);
    second.every(Duration.ofHours(1), "counts", _ -> secondRuns.incrementAndGet()).start();
    awaitSecondAsks();
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    database.close();
  }

  @Test
  void second_whileTheFirstLeads_doesNothing() {
    assertThat(first.isLeading()).isTrue();
    assertThat(second.isLeading()).isFalse();
    assertThat(secondRuns).hasValue(0);
  }

  @Test
  void leader_closed_isFollowed() throws Exception {
    first.close();

    Eventually.isTrue("the second leads", SOON, () -> secondRuns.get() == 1);
    assertThat(first.isLeading()).isFalse();
    assertThat(firstRuns).hasValue(1);
  }

  @Test
  void leader_losesItsConnection_oneOfBothLeads() throws Exception {
    AtomicBoolean told = new AtomicBoolean();
    AtomicBoolean begun = new AtomicBoolean();
    first.every(
        Duration.ofHours(1),
        "is long",
        stillLeads -> {
          if (begun.getAndSet(true)) {
            return; // it leads again
          }
          assertThat(stillLeads.getAsBoolean()).isTrue();
          postgres.execute(
              "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                  + " WHERE locktype = 'advisory' AND granted"
                  + " AND pg_stat_activity.datname = current_database()");
          told.set(!stillLeads.getAsBoolean());
        });

    Eventually.isTrue("the job knows", SOON, told::get);
    Eventually.isTrue(
        "one leads", SOON, () -> first.isLeading() != second.isLeading() && locksHeld() == 1);
  }

  private static void throwOnce() {
    throw new IllegalStateException("a job of a test that fails");
  }

  private void awaitSecondAsks() throws Exception {
    Eventually.isTrue(
        "the second asked",
        SOON,
        () ->
            postgres
                .query(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'mantle_leader'"
                        + " AND datname = current_database() AND query LIKE '%try_advisory%'"
                        + " AND state = 'idle' AND pid NOT IN (SELECT pid FROM pg_locks WHERE"
                        + " locktype = 'advisory')")
                .getFirst()
                .equals("1"));
  }

  private int locksHeld() throws Exception {
    return Integer.parseInt(
        postgres
            .query(
                "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE"
                    + " locktype = 'advisory' AND granted AND datname = current_database()")
            .getFirst());
  }
}
