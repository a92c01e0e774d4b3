package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.controlplane.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Usage by month: rows move, months come and go, one keeper at a time. */
class UsagePartitionsIT {
  private static final String TABLES =
      "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'usage'::regclass"
          + " ORDER BY 1";
  private static final Instant LATER = Instant.parse("2031-05-10T00:00:00Z");

  private TestPostgres postgres;

  TestPostgres newPostgres() throws SQLException {
    return TestPostgres.create();
  }

  @BeforeEach
  void create() throws Exception {
    postgres = newPostgres();
  }

  @Test
  void rowsOfTheTableBefore_moveIntoTheirMonths() throws Exception {
    Flyway.configure()
        .dataSource(postgres.url().jdbcUrl(), "postgres", "")
        .target("20")
        .load()
        .migrate();
    postgres.execute(
        "INSERT INTO usage (id, tenant_id, key_id, provider_id, model, endpoint, started_at,"
            + " duration_millis, streamed, status, outcome, policy_version, node_id)"
            + " SELECT gen_random_uuid(), 'acme', 'k', 'p', 'm', '/v1', now() - n * interval '20 days',"
            + " 1, false, 200, 'COMPLETED', 'v', 'n' FROM generate_series(0, 9) n"
            + " UNION ALL SELECT gen_random_uuid(), 'acme', 'k', NULL, 'm', '/v1', '2150-01-01', 1,"
            + " false, 200, 'COMPLETED', 'v', 'n'");
    try (Database database = Database.open(postgres.url())) {
      database.migrate();
      assertThat(new UsageRepository(database).count("acme")).isEqualTo(11);
    }
    assertThat(postgres.query("SELECT count(*) FROM ONLY usage_rest")).containsExactly("1");
    assertThat(postgres.query("SELECT sum(attempts) FROM usage")).containsExactly("10");
    assertThat(postgres.query(TABLES)).contains("usage_" + month(YearMonth.now(ZoneOffset.UTC)));
  }

  @Test
  void months_areMadeAhead_andDroppedAfterTheRetention() throws Exception {
    try (Database database = Database.open(postgres.url())) {
      database.migrate();
      UsageRepository usage = new UsageRepository(database);
      UsageRecord now = RowSecurityIT.usageOf("acme");
      usage.save(List.of(now));
      postgres.execute(
          "INSERT INTO usage_rest SELECT"
              + " gen_random_uuid(), tenant_id, key_id, provider_id, model, endpoint,"
              + " '2031-06-01T00:00:00Z', duration_millis, first_byte_millis, streamed, status,"
              + " outcome, prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens,"
              + " tokens_estimated, request_bytes, response_bytes, attempts, entities, detect_only,"
              + " policy_version, node_id, stored_at FROM usage");
      assertThat(keeper(database).keep()).isTrue();
      assertThat(postgres.query(TABLES))
          .containsExactly(
              "usage_2031_05", "usage_2031_06", "usage_2031_07", "usage_2031_08", "usage_rest");
      assertThat(postgres.query("SELECT count(*) FROM usage_2031_06"))
          .as("what had come before its month was there")
          .containsExactly("1");
      assertThat(usage.count("acme")).isEqualTo(1);
      assertThat(keeper(database).keep()).isTrue();
      assertThat(postgres.query(TABLES)).hasSize(5);
    }
  }

  @Test
  void keeper_whileAnotherIsAtIt_leavesItAlone() throws Exception {
    try (Database database = Database.open(postgres.url())) {
      database.migrate();
      try (Connection other =
              DriverManager.getConnection(postgres.url().jdbcUrl(), postgres.url().properties());
          Statement statement = other.createStatement()) {
        statement.execute("SELECT pg_advisory_lock(" + 0x6d616e746c650001L + ")");
        assertThat(keeper(database).keep()).isFalse();
      }
      assertThat(postgres.query(TABLES)).doesNotContain("usage_2031_05");
    }
  }

  private static UsagePartitions keeper(Database database) {
    return new UsagePartitions(database, 1, Clock.fixed(LATER, ZoneOffset.UTC));
  }

  private static String month(YearMonth month) {
    return month.toString().replace('-', '_');
  }
}
