package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.controlplane.TestPostgres;
import io.mantle.controlplane.database.AuditChainCheck.Flaw;
import io.mantle.controlplane.database.AuditChainCheck.Result;
import io.mantle.controlplane.database.AuditLog.Entry;
import io.mantle.controlplane.database.AuditLog.Filter;
import io.mantle.controlplane.database.AuditLog.Head;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Chains as a real Postgres keeps them, with two control planes that write. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditChainIT {
  private static final Page ALL = new Page(1_000, Optional.empty());
  private TestPostgres postgres;
  private Database one;
  private Database other;
  private AuditLog audit;

  TestPostgres newPostgres() throws SQLException {
    return TestPostgres.create();
  }

  @BeforeAll
  void start() throws Exception {
    postgres = newPostgres();
    one = Database.open(postgres.url());
    other = Database.open(postgres.url());
    audit = new AuditLog(one);
    Flyway.configure()
        .dataSource(postgres.url().jdbcUrl(), "postgres", "")
        .target("21")
        .load()
        .migrate();
    postgres.execute(
        "INSERT INTO audit (tenant_id, actor, action, subject, at) SELECT t, 'a', 'b.c', n::text,"
            + " now() - (n % 5) * interval '1 day' FROM generate_series(1, 20) g(n),"
            + " unnest(ARRAY['old', '~platform']) t ORDER BY g.n, t");
    one.migrate();
  }

  @AfterAll
  void stop() {
    one.close();
    other.close();
  }

  @Test
  void rowsFromBefore_areChainedInTheOrderInWhichTheyWereWritten() {
    audit.add("old", "a", "b.c", "21");

    assertThat(audit.list("old", Filter.NONE, ALL).reversed())
        .extracting(Entry::subject)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 21).mapToObj(String::valueOf).toList());
    assertThat(check("old").flaw()).isEmpty();
  }

  @Test
  void twoControlPlanes_writingAtOnce_makeOneChainWithoutGaps() throws Exception {
    AuditLog ofOther = new AuditLog(other);
    long before = audit.head(AuditLog.PLATFORM).orElseThrow().seq();
    Transactions transactions = new Transactions(one);
    List<Callable<Integer>> writers =
        List.of(
            () -> repeat(() -> audit.add("busy", "one", "a.b", "Ünïcode")),
            () -> repeat(() -> ofOther.add("busy", "other", "a.b", "")),
            () -> repeat(() -> ofOther.addOfPlatform("other", "a.b", "s")),
            () -> repeat(() -> audit.addOfPlatform("one", "a.b", "s")),
            // What is undone leaves no gap.
            () ->
                repeat(
                    () ->
                        assertThatThrownBy(
                            () ->
                                transactions.asTenant(
                                    "busy",
                                    () -> {
                                      audit.add("busy", "one", "a.b", "undone");
                                      throw new IllegalStateException();
                                    }))));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> writer : threads.invokeAll(writers)) {
        writer.get();
      }
    }

    assertThat(check("busy")).isEqualTo(new Result(60, audit.head("busy"), Optional.empty()));
    assertThat(audit.head("busy").orElseThrow().seq()).isEqualTo(60);
    assertThat(check(AuditLog.PLATFORM).rows()).isEqualTo(before + 60);
    assertThat(check(AuditLog.PLATFORM).flaw()).isEmpty();
  }

  private static int repeat(Runnable write) {
    for (int i = 0; i < 30; i++) {
      write.run();
    }
    return 30;
  }

  @Test
  void row_changedBehindOurBack_isFoundAtItsSeq() throws SQLException {
    write("changed", 5);
    forge("UPDATE audit SET actor = 'somebody else' WHERE tenant_id = 'changed' AND seq = 3");

    assertThat(check("changed").flaw().map(Flaw::seq)).hasValue(3L);
  }

  @Test
  void row_takenAwayBehindOurBack_isFound_atTheEndByAnAnchor() throws SQLException {
    write("cut", 5);
    Optional<Head> anchor = audit.head("cut");
    forge("DELETE FROM audit WHERE tenant_id = 'cut' AND seq = 5");
    assertThat(check("cut", anchor).flaw().map(Flaw::seq)).hasValue(5L);
    forge("DELETE FROM audit WHERE tenant_id = 'cut' AND seq = 2");
    assertThat(check("cut").flaw().map(Flaw::seq)).hasValue(2L);
  }

  @Test
  void rowInsertedBySql_isChainedWhateverItSays() throws SQLException {
    write("sql", 2);
    postgres.execute(
        "INSERT INTO audit (tenant_id, seq, at, actor, action, subject, hash) VALUES"
            + " ('sql', 1, '2020-01-01', 'x', 'x', 'x', sha256('')), ('sql', 9, now(), 'y', 'y', 'y', NULL)");

    assertThat(check("sql")).isEqualTo(new Result(4, audit.head("sql"), Optional.empty()));
    assertThat(audit.list("sql", Filter.NONE, ALL).get(1).at()).isAfter("2021-01-01T00:00:00Z");
  }

  @Test
  void list_filtered_showsWhatIsAskedFor() {
    Instant before = Instant.now().minusSeconds(60);
    write("filtered", 3);
    audit.add("filtered", "a", "other.action", "s");

    assertThat(audit.list("filtered", filter(before, null, "other.action"), ALL))
        .extracting(Entry::seq)
        .containsExactly(4L);
    assertThat(audit.list("filtered", filter(before, null, null), ALL)).hasSize(4);
    assertThat(audit.list("filtered", filter(null, before, null), ALL)).isEmpty();
    assertThat(audit.list("filtered", Filter.NONE, new Page(2, Optional.of("3"))))
        .extracting(Entry::seq)
        .containsExactly(2L, 1L);
  }

  @Test
  void hoursThatAreWhole_areSummedUpOnce_byWhomeverAndHoweverOften() throws Exception {
    Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(4));
    UsageRepository usage = new UsageRepository(one);
    usage.save(
        List.of(
            sent("p1", "v1", Map.of("EMAIL", 2L)),
            sent("p1", "v1", Map.of("EMAIL", 1L, "PERSON", 4L)),
            sent("p2", "v1", Map.of()),
            refused()));
    heardOf(hour.plusSeconds(10));
    usage.save(List.of(sent("p1", "v2", Map.of("PERSON", 1L))));
    heardOf(hour.plus(Duration.ofHours(2)).plusSeconds(3_599));
    usage.save(List.of(sent("p1", "v2", Map.of("PERSON", 7L))));
    // The last exchange is in an hour that is not over.

    Callable<Boolean> first = run(one);
    Callable<Boolean> second = run(other);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> run : threads.invokeAll(List.of(first, second, first, second))) {
        run.get();
      }
    }

    assertThat(audit.list("sender", Filter.NONE, ALL).reversed())
        .extracting(row -> row.actor() + " " + row.action() + " " + row.subject() + row.detail())
        .containsExactly(
            row("p1", hour, "v1", 2, "\"PERSON\":4,\"EMAIL\":3"),
            row("p2", hour, "v1", 1, ""),
            row("p1", hour.plus(Duration.ofHours(2)), "v2", 1, "\"PERSON\":1"));
    assertThat(check("sender").flaw()).isEmpty();
  }

  private static Callable<Boolean> run(Database database) {
    return () -> {
      new SentHours(database, () -> List.of("sender")).run(() -> true);
      return true;
    };
  }

  private static String row(
      String provider, Instant hour, String version, int requests, String entities) {
    return "mantle exchange.sent "
        + provider
        + "{\"hour\":\"%s\",\"policy_version\":\"%s\",\"masked\":true,\"requests\":%d,\"entities\":{%s}}"
            .formatted(hour, version, requests, entities);
  }

  /** Those that were stored by now were stored then. */
  private void heardOf(Instant at) throws SQLException {
    postgres.execute(
        "UPDATE usage SET stored_at = '%s' WHERE tenant_id = 'sender' AND stored_at > now() - interval '1 minute'"
            .formatted(at));
  }

  private static UsageRecord sent(String provider, String version, Map<String, Long> entities) {
    return usageOf(Optional.of(provider), version, entities, 1);
  }

  private static UsageRecord refused() {
    return usageOf(Optional.empty(), "v1", Map.of("CREDIT_CARD", 1L), 0);
  }

  private static UsageRecord usageOf(
      Optional<String> provider, String version, Map<String, Long> entities, int attempts) {
    return new UsageRecord(
        UUID.randomUUID(),
        "sender",
        "key",
        provider,
        "m",
        "/v1/chat/completions",
        Instant.now(),
        1,
        OptionalLong.empty(),
        false,
        200,
        "COMPLETED",
        OptionalLong.empty(),
        OptionalLong.empty(),
        new UsageRecord.Details(0, 0, false, 1, 1, attempts),
        entities,
        false,
        version,
        "node");
  }

  private static Filter filter(
      @Nullable Instant from, @Nullable Instant to, @Nullable String action) {
    return new Filter(
        Optional.ofNullable(from), Optional.ofNullable(to), Optional.ofNullable(action));
  }

  private void write(String tenant, int rows) {
    for (int i = 0; i < rows; i++) {
      audit.add(tenant, "account:1", "key.create", "key-" + i);
    }
  }

  private void forge(String sql) throws SQLException {
    postgres.execute(
        "ALTER TABLE audit DISABLE TRIGGER append_only; "
            + sql
            + "; ALTER TABLE audit ENABLE TRIGGER append_only");
  }

  private Result check(String tenant) {
    return check(tenant, Optional.empty());
  }

  private Result check(String tenant, Optional<Head> anchor) {
    AuditChainCheck check = new AuditChainCheck(tenant, anchor);
    audit.list(tenant, Filter.NONE, ALL).forEach(check::next);
    return check.end();
  }
}
