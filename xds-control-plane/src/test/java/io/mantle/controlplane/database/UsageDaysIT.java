package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.controlplane.TestPostgres;
import io.mantle.controlplane.database.PriceRepository.PlatformPrice;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The sums of days are those of the rows, whoever inserts them how often, and outlive them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UsageDaysIT {
  private static final String SUMS =
      " sum(requests), sum(errors), sum(refused), sum(cancelled), sum(estimated_requests),"
          + " sum(unpriced_requests), sum(prompt_tokens), sum(completion_tokens), sum(cached_tokens),"
          + " sum(reasoning_tokens), sum(estimated_tokens), sum(request_bytes), sum(response_bytes),"
          + " sum(cost_nano_usd), mantle_sum_entities(array_agg(entities))";
  private static final String OF_ROWS =
      "SELECT (tenant_id, day, key_id, provider_id, model,"
          + SUMS
          + ")::text FROM usage_of_day GROUP BY tenant_id, day, key_id, provider_id, model ORDER BY 1";
  private static final String OF_DAYS = OF_ROWS.replace("usage_of_day", "usage_day");
  private static final long SEED = 7;

  private TestPostgres postgres;
  private Database database;
  private UsageRepository usage;

  @BeforeAll
  void start() throws Exception {
    postgres = TestPostgres.create();
    database = Database.open(postgres.url());
    database.migrate();
    usage = new UsageRepository(database);
    ModelPrice one =
        new ModelPrice(
            ModelPrice.ANY_KIND,
            "gpt-4o-1",
            LocalDate.EPOCH,
            new Rates(2_500_000_000L, OptionalLong.of(7), 10_000_000_001L));
    new PriceRepository(database).put(new PlatformPrice(one, "", false));
    postgres.execute("INSERT INTO tenant (id, name) VALUES ('tenant-1', 'Has its own price')");
    postgres.execute(
        "INSERT INTO tenant_model_price (tenant_id, provider_kind, model_pattern, valid_from,"
            + " input_nano_usd, output_nano_usd) VALUES ('tenant-1', '*', 'gpt-4o-1',"
            + " '2020-01-01', 1000000000, 1000000000)");
  }

  @AfterAll
  void stop() {
    database.close();
  }

  @Test
  void days_underConcurrentBatchesSentTwice_areTheSumsOfTheRows_andOutliveThem() throws Exception {
    Random random = new Random(SEED);
    List<UsageRecord> rows = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      rows.add(row(random));
    }
    List<Callable<Void>> batches = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += 100) {
      List<UsageRecord> batch = new ArrayList<>(rows.subList(from, from + 100));
      for (int sent = 0; sent < 2; sent++) {
        List<UsageRecord> shuffled = new ArrayList<>(batch);
        Collections.shuffle(shuffled, random);
        batches.add(
            () -> {
              usage.save(shuffled);
              return null;
            });
      }
    }
    try (ExecutorService senders = Executors.newFixedThreadPool(6)) {
      for (Future<Void> sent : senders.invokeAll(batches)) {
        sent.get(); // a deadlock would be an exception
      }
    }

    assertThat(postgres.query("SELECT count(*) FROM usage WHERE key_id LIKE 'k%'"))
        .containsExactly("900");
    assertThat(
            postgres.query(
                "SELECT DISTINCT model FROM usage_day WHERE cost_nano_usd > 0"
                    + " UNION SELECT DISTINCT 'no ' || model FROM usage_day"
                    + " WHERE unpriced_requests > 0"))
        .containsExactlyInAnyOrder("gpt-4o-1", "no gpt-4o-0", "no gpt-4o-2");
    assertThat(postgres.query(OF_DAYS)).hasSizeGreaterThan(50).isEqualTo(postgres.query(OF_ROWS));
    assertThat(
            postgres.query(
                "SELECT sum(platform_cost_nano_usd) > sum(cost_nano_usd) FROM usage_day"))
        .as("who has a price of its own pays less than the platform asks")
        .containsExactly("t");
    assertThat(postgres.query("SELECT sum(platform_cost_nano_usd) FROM usage_day"))
        .isEqualTo(
            postgres.query(
                "SELECT sum(coalesce(platform_cost_nano_usd, cost_nano_usd)) FROM usage"));

    List<String> days = postgres.query(OF_DAYS);
    assertThat(keeper("2030-12-31T00:00:00Z").keep()).isTrue();
    assertThat(postgres.query("SELECT count(*) FROM usage")).containsExactly("0");
    assertThat(postgres.query(OF_DAYS)).isEqualTo(days);
    assertThat(keeper("2031-05-01T00:00:00Z").keep()).isTrue();
    assertThat(postgres.query(OF_DAYS)).isEmpty();
  }

  @Test
  void rowsOfBefore_areInTheDays() throws Exception {
    TestPostgres own = TestPostgres.create();
    Flyway.configure()
        .dataSource(own.url().jdbcUrl(), "postgres", "")
        .target("24")
        .load()
        .migrate();
    own.execute(
        "INSERT INTO usage (id, tenant_id, key_id, provider_id, model, endpoint, started_at,"
            + " duration_millis, streamed, status, outcome, prompt_tokens, attempts, entities,"
            + " policy_version, node_id)"
            + " SELECT gen_random_uuid(), 'acme', 'k', 'p', 'm', '/v1', '2026-03-01T23:59:59Z'::timestamptz"
            + " + n * interval '1 second', 1, false, 200 + n * 100, 'COMPLETED', 7, 1,"
            + " '{\"EMAIL\": 2}', 'v', 'n' FROM generate_series(0, 2) n");
    try (Database other = Database.open(own.url())) {
      other.migrate();
    }
    assertThat(own.query(OF_DAYS))
        .containsExactly(
            "(acme,2026-03-01,k,p,m,1,0,0,0,0,1,7,0,0,0,0,0,0,0,\"{\"\"EMAIL\"\": 2}\")",
            "(acme,2026-03-02,k,p,m,2,1,0,0,0,2,14,0,0,0,0,0,0,0,\"{\"\"EMAIL\"\": 4}\")")
        .isEqualTo(own.query(OF_ROWS));
  }

  private UsagePartitions keeper(String now) {
    return new UsagePartitions(database, 1, Clock.fixed(Instant.parse(now), ZoneOffset.UTC));
  }

  /** Of few tenants, keys and models, so that batches meet in the same sums. */
  private static UsageRecord row(Random random) {
    Instant startedAt = Instant.parse("2026-03-01T22:00:00Z").plusSeconds(random.nextInt(14_400));
    boolean refused = random.nextInt(5) == 0;
    return new UsageRecord(
        new UUID(random.nextLong(), random.nextLong()),
        "tenant-" + random.nextInt(3),
        "k" + random.nextInt(2),
        refused ? Optional.empty() : Optional.of("p" + random.nextInt(2)),
        "gpt-4o-" + random.nextInt(3),
        "/v1/chat/completions",
        startedAt,
        12,
        OptionalLong.empty(),
        true,
        refused ? 403 : 200,
        refused ? "REFUSED" : List.of("COMPLETED", "CANCELLED", "UNKNOWN").get(random.nextInt(3)),
        refused ? OptionalLong.empty() : OptionalLong.of(random.nextInt(1_000)),
        refused ? OptionalLong.empty() : OptionalLong.of(4_000_000_000L),
        new UsageRecord.Details(2, 1, random.nextBoolean(), 300, 500, refused ? 0 : 1),
        Map.of("EMAIL", 2L, "PERSON", (long) random.nextInt(3)),
        false,
        "v",
        "node");
  }
}
