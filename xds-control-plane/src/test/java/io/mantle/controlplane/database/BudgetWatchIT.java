package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.controlplane.Spending;
import io.mantle.controlplane.TestPostgres;
import io.mantle.vault.keys.LocalKeyset;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two control planes store usage, each row of which costs a dollar, on a real Postgres. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BudgetWatchIT {
  private static final int ROWS = 24;

  private final Queue<BudgetAlert> told = new ConcurrentLinkedQueue<>();
  private TestPostgres postgres;
  private Database one;
  private Database other;
  private TenantRepository tenants;
  private BudgetRepository budgets;
  private PublishedRows published;
  private LimitRepository limits;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.create();
    one = Database.open(postgres.url());
    one.migrate();
    other = Database.open(postgres.url());
    MasterKey masterKey = new MasterKey(one, LocalKeyset.at(directory.resolve("keyset.json")));
    tenants = new TenantRepository(one, masterKey);
    budgets = new BudgetRepository(one);
    limits = new LimitRepository(one);
    published = new PublishedRows(one, masterKey, tenants);
    Spending.everyRowCosts(postgres, 1_000_000_000);
  }

  @AfterAll
  void stop() {
    one.close();
    other.close();
  }

  /** All of the budget is spent by the last row alone, so whoever missed another's row shows. */
  @Test
  void thresholds_crossedByTwoWritersAtOnce_areToldOnceEach() throws Exception {
    for (String tenant : List.of("a", "b", "c")) {
      tenants.create(tenant, tenant, "enterprise");
      save(tenant, Optional.empty(), ROWS * 100, List.of(50, 80), true);
    }
    List<Callable<Void>> batches = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      UsageRepository writer = i % 2 == 0 ? writer(one) : writer(other);
      List<UsageRecord> batch = List.of(row("c", "k" + i), row("a", "k" + i), row("b", "k" + i));
      batches.add(
          () -> {
            writer.save(batch);
            return null;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      for (Future<Void> saved : threads.invokeAll(batches)) {
        saved.get();
      }
    }

    for (String tenant : List.of("a", "b", "c")) {
      assertThat(told.stream().filter(alert -> alert.tenantId().equals(tenant)))
          .extracting(BudgetAlert::percent)
          .containsExactlyInAnyOrder(50, 80, 100);
      assertThat(alertsOf(tenant)).containsExactly("50", "80", "100");
      assertThat(
              postgres.query(
                  "SELECT detail::jsonb ->> 'percent' FROM audit WHERE action = 'budget.spent'"
                      + " AND tenant_id = '"
                      + tenant
                      + "' ORDER BY seq"))
          .containsExactly("50", "80", "100");
      assertThat(spent(tenant).tenant()).isTrue();
    }
  }

  @Test
  void budget_ofAKey_countsThatKeyAlone_andRaisedItKeepsNobodyOut() throws Exception {
    tenants.create("keyed", "Keyed", "enterprise");
    UUID key = new KeyRepository(one).add("keyed", "k", RandomToken.withPrefix("sk-mantle-"));
    save("keyed", Optional.of(key), 200, List.of(), true);
    writer(one).save(List.of(row("keyed", "other"), row("keyed", "other"), row("keyed", key)));
    assertThat(alertsOf("keyed")).isEmpty();
    writer(other).save(List.of(row("keyed", key)));

    assertThat(alertsOf("keyed")).containsExactly("100");
    assertThat(spent("keyed").keys()).containsExactly(key);
    assertThat(spent("keyed").tenant()).isFalse();
    assertThat(spent("keyed").until()).isAfter(Instant.now());
    save("keyed", Optional.of(key), 201, List.of(), true);
    assertThat(spent("keyed")).isEqualTo(SpentBudgets.NONE);
    save("keyed", Optional.of(key), 200, List.of(), false);
    assertThat(spent("keyed")).isEqualTo(SpentBudgets.NONE);
  }

  @Test
  void limitOfMoney_isABudgetThatStops_andAnotherLimitIsToldAnew() throws Exception {
    tenants.create("limited", "Limited", "enterprise");
    setLimit("limited", 200);
    writer(one).save(List.of(row("limited", "k"), row("limited", "k")));
    assertThat(alertsOf("limited")).containsExactly("80", "100");
    assertThat(spent("limited").tenant()).isTrue();

    setLimit("limited", 300);
    assertThat(spent("limited")).isEqualTo(SpentBudgets.NONE);
    writer(one).save(List.of(row("limited", "k")));
    assertThat(alertsOf("limited")).containsExactly("80", "80", "100", "100");
  }

  @Test
  void budgetThatWarns_andALimitOfTheSameMoney_areOneAlert_whichStops() throws Exception {
    tenants.create("both", "Both", "enterprise");
    save("both", Optional.empty(), 200, List.of(100), false);
    writer(one).save(List.of(row("both", "k"), row("both", "k")));
    assertThat(stops("both")).containsExactly("100 false");
    assertThat(spent("both")).isEqualTo(SpentBudgets.NONE);

    setLimit("both", 200);
    writer(one).save(List.of(row("both", "k")));
    assertThat(stops("both")).containsExactly("80 false", "100 true");
    assertThat(spent("both").tenant()).isTrue();
    writer(other).save(List.of(row("both", "k")));
    assertThat(told.stream().filter(alert -> alert.tenantId().equals("both")))
        .extracting(alert -> alert.percent() + " " + alert.stops())
        .containsExactlyInAnyOrder("100 false", "80 false", "100 true");
  }

  private List<String> stops(String tenant) throws Exception {
    return postgres.query(
        "SELECT percent || ' ' || stops FROM budget_alert WHERE tenant_id = '"
            + tenant
            + "' ORDER BY percent");
  }

  @Test
  void rows_ofAnotherMonth_countForThatMonth() throws Exception {
    tenants.create("later", "Later", "enterprise");
    save("later", Optional.empty(), 100, List.of(), true);
    Instant before = Instant.now().minus(32, ChronoUnit.DAYS);
    writer(one).save(List.of(row("later", "k", before), row("later", "k", before)));
    assertThat(alertsOf("later")).isEmpty();
    assertThat(spent("later")).isEqualTo(SpentBudgets.NONE);
  }

  @Test
  void budget_thatCannotBeLookedAt_losesNoUsage() throws Exception {
    tenants.create("odd", "Odd", "enterprise");
    save("odd", Optional.empty(), 100, List.of(), true);
    postgres.execute("ALTER TABLE budget_alert ADD CONSTRAINT odd CHECK (tenant_id <> 'odd')");
    writer(one).save(List.of(row("odd", "k")));
    assertThat(new UsageRepository(one).count("odd")).isEqualTo(1);

    postgres.execute("ALTER TABLE budget_alert DROP CONSTRAINT odd");
    writer(one).save(List.of(row("odd", "k")));
    assertThat(alertsOf("odd")).containsExactly("100");
  }

  private UsageRepository writer(Database database) {
    return new UsageRepository(database, new BudgetWatch(database, told::add));
  }

  private void save(
      String tenant, Optional<UUID> key, long cents, List<Integer> percents, boolean stops) {
    budgets.save(tenant, new Budget(key, cents, percents, stops));
  }

  private void setLimit(String tenant, long cents) {
    Limits money = new Limits(Map.of(LimitKind.MONTHLY_BUDGET_CENTS, OptionalLong.of(cents)));
    limits.save(tenant, money, Map.of());
  }

  private List<String> alertsOf(String tenant) throws Exception {
    return postgres.query(
        "SELECT percent FROM budget_alert WHERE tenant_id = '" + tenant + "' ORDER BY percent");
  }

  private SpentBudgets spent(String tenant) {
    return ((TenantRows) published.read(List.of(tenant)).getFirst()).spent();
  }

  private static UsageRecord row(String tenant, Object key) {
    return row(tenant, key, Instant.now());
  }

  private static UsageRecord row(String tenant, Object key, Instant startedAt) {
    return new UsageRecord(
        UUID.randomUUID(),
        tenant,
        key.toString(),
        Optional.of(UUID.randomUUID().toString()),
        "m",
        "/v1/chat/completions",
        startedAt,
        1,
        OptionalLong.empty(),
        false,
        200,
        "COMPLETED",
        OptionalLong.of(1),
        OptionalLong.of(1),
        new UsageRecord.Details(0, 0, false, 1, 1, 1),
        Map.of(),
        false,
        "v",
        "node");
  }
}
