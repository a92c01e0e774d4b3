package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.controlplane.Eventually;
import io.mantle.controlplane.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Any row changed by SQL is told of within a second, and after a lost connection all is read. */
class ChangeFeedIT {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private TestPostgres postgres;
  private Database database;
  private ChangeFeed feed;
  private final List<Set<String>> told = new CopyOnWriteArrayList<>();
  private final AtomicInteger readAll = new AtomicInteger();

  /** An empty database of the Postgres to try. */
  TestPostgres newPostgres() throws SQLException {
    return TestPostgres.create();
  }

  @BeforeEach
  void start() throws Exception {
    postgres = newPostgres();
    database = Database.open(postgres.url());
    database.migrate();
    feed =
        new ChangeFeed(
            database,
            new ChangeFeed.Follower() {
              @Override
              public void everythingChanged(long heardAtNanos) {
                readAll.incrementAndGet();
              }

              @Override
              public void tenantsChanged(Set<String> tenantIds, long heardAtNanos) {
                told.add(Set.copyOf(tenantIds));
              }
            });
    feed.start();
    assertThat(feed.awaitCaughtUp(Duration.ofSeconds(10))).isTrue();
  }

  @AfterEach
  void stop() {
    feed.close();
    database.close();
  }

  @Test
  void anyPublishedTable_changedBySql_isToldOfWithinASecond() throws Exception {
    postgres.execute("INSERT INTO tenant (id, name) VALUES ('acme', 'Acme')");
    expectTold("acme");
    for (String sql :
        List.of(
            "INSERT INTO proxy_key (tenant_id, sha256) VALUES ('acme', decode(repeat('ab', 32), 'hex'))",
            "UPDATE proxy_key SET revoked_at = now()",
            "DELETE FROM proxy_key",
            "INSERT INTO provider (tenant_id, name, base_url) VALUES ('acme', 'p', 'http://x')",
            "UPDATE provider SET base_url = 'http://y'",
            "INSERT INTO route (tenant_id, model_pattern, provider_ids) SELECT 'acme', '*', array_agg(id) FROM provider",
            "DELETE FROM route",
            "INSERT INTO privacy_policy (tenant_id) VALUES ('acme')",
            "UPDATE privacy_policy SET actions = '{\"IP\":\"ALLOW\"}'",
            "DELETE FROM tenant")) {
      told.clear();
      postgres.execute(sql);
      expectTold("acme");
    }
  }

  @Test
  void row_movedToAnotherTenant_tellsOfBoth() throws Exception {
    postgres.execute(
        "INSERT INTO tenant (id, name) VALUES ('a', 'A'), ('b', 'B');"
            + "INSERT INTO provider (tenant_id, name, base_url) VALUES ('a', 'p', 'http://x')");
    Eventually.isTrue("told", SECOND, () -> told.contains(Set.of("a", "b")));
    told.clear();

    postgres.execute("UPDATE provider SET tenant_id = 'b'");

    Eventually.isTrue("told of both", SECOND, () -> told.contains(Set.of("a", "b")));
  }

  @Test
  void burst_inOneTransaction_isToldOnce() throws Exception {
    postgres.execute(
        "INSERT INTO tenant (id, name) SELECT 't-' || n, 'T' FROM generate_series(1, 1000) n");

    Eventually.isTrue("told", SECOND, () -> !told.isEmpty());
    assertThat(told).singleElement().satisfies(ids -> assertThat(ids).hasSize(1000));
  }

  @Test
  void truncate_readsEverything() throws Exception {
    postgres.execute("TRUNCATE tenant CASCADE");

    Eventually.isTrue("read all again", SECOND, () -> readAll.get() == 2);
  }

  @Test
  void lastUse_isNotPublished() throws Exception {
    postgres.execute("INSERT INTO tenant (id, name) VALUES ('acme', 'Acme')");
    expectTold("acme");
    postgres.execute(
        "INSERT INTO proxy_key (tenant_id, sha256) VALUES ('acme', decode(repeat('ab', 32), 'hex'))");
    Eventually.isTrue("told", SECOND, () -> told.size() == 2);
    postgres.execute("UPDATE proxy_key SET last_used_at = now()");
    postgres.execute("UPDATE tenant SET name = 'x'");

    Eventually.isTrue("told of the name", SECOND, () -> told.size() == 3);
  }

  @Test
  void lostConnection_readsEverythingAgain() throws Exception {
    postgres.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = 'mantle_change_feed' AND datname = current_database()");

    Eventually.isTrue("read all again", Duration.ofSeconds(3), () -> readAll.get() == 2);
    postgres.execute("INSERT INTO tenant (id, name) VALUES ('later', 'Later')");
    expectTold("later");
  }

  private void expectTold(String tenantId) throws Exception {
    Eventually.isTrue("told of " + tenantId, SECOND, () -> told.contains(Set.of(tenantId)));
  }
}
