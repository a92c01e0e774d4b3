package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.mantle.controlplane.TestPostgres;
import io.mantle.controlplane.database.BudgetWebhooks.Place;
import io.mantle.controlplane.database.IdempotencyKeys.Claim;
import io.mantle.controlplane.database.ProviderRepository.CredentialChange;
import io.mantle.controlplane.database.RouteRepository.Route;
import io.mantle.vault.keys.LocalKeyset;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every query of every repository of tenants, tried by Mallory with all that Alice's rows are
 * called by: it shows nothing of Alice's and changes nothing of hers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IsolationIT {
  private static final List<Class<?>> REPOSITORIES =
      List.of(
          TenantRepository.class,
          KeyRepository.class,
          ProviderRepository.class,
          RouteRepository.class,
          LimitRepository.class,
          PriceRepository.class,
          BillingRepository.class,
          BudgetRepository.class,
          BudgetWebhooks.class,
          BudgetAlerts.class,
          BudgetWatch.class,
          MemberRepository.class,
          MachineTokenRepository.class,
          AuditLog.class,
          IdempotencyKeys.class,
          UsageRepository.class,
          UsageReport.class,
          RecordedExchanges.class,
          SentHours.class);

  /**
   * What else has the database, and asks no tenant's questions: accounts and sign-in, what the
   * publisher and the keys' role read of all, the leader's work, and what carries the others.
   */
  private static final List<Class<?>> OF_NO_TENANT =
      List.of(
          AccountRepository.class,
          SessionRepository.class,
          LoginAttempts.class,
          TokenKeys.class,
          PublishedRows.class,
          MasterKey.class,
          KeyRotations.class,
          RetiredTenantKeys.class,
          UsagePartitions.class,
          ConnectionThread.class,
          TenantTable.class,
          Transactions.class);

  private static final List<String> TABLES =
      List.of(
          "proxy_key",
          "tenant_key",
          "provider",
          "route",
          "privacy_policy",
          "tenant_limit",
          "key_limit",
          "budget",
          "budget_webhook",
          "budget_alert",
          "usage",
          "usage_day",
          "tenant_model_price",
          "recorded_exchange",
          "membership",
          "invitation",
          "machine_token",
          "audit",
          "idempotency_key");
  private static final Page ALL = new Page(200, Optional.empty());
  private static final String SECRET = "sk-alice-0123456789abcdef";

  private final Map<String, Query> queries = new LinkedHashMap<>();
  private TestPostgres postgres;
  private Database database;
  private List<String> alicesMarks;

  /** Asked as a tenant; what it shows. */
  private interface Query {
    Object as(String tenant) throws Exception;
  }

  /** An empty database of the Postgres to try. */
  TestPostgres newPostgres() throws SQLException {
    return TestPostgres.create();
  }

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    postgres = newPostgres();
    database = Database.open(postgres.url());
    database.migrate();
    MasterKey masterKey = new MasterKey(database, LocalKeyset.at(directory.resolve("keyset.json")));
    TenantRepository tenants = new TenantRepository(database, masterKey);
    KeyRepository keys = new KeyRepository(database);
    ProviderRepository providers = new ProviderRepository(database, masterKey);
    RouteRepository routes = new RouteRepository(database);
    MemberRepository members = new MemberRepository(database);
    MachineTokenRepository tokens = new MachineTokenRepository(database);
    AuditLog audit = new AuditLog(database);
    IdempotencyKeys idempotency = new IdempotencyKeys(database, masterKey);
    UsageRepository usage = new UsageRepository(database);
    LimitRepository limits = new LimitRepository(database);
    PriceRepository prices = new PriceRepository(database);
    BillingRepository billing = new BillingRepository(database);
    UsageReport report = new UsageReport(database);

    tenants.create("alice", "Alice", "pro");
    tenants.create("mallory", "Mallory", "free");
    RandomToken aliceKey = RandomToken.withPrefix("sk-mantle-");
    UUID key = keys.add("alice", "alice-key", aliceKey);
    UUID provider = UUID.randomUUID();
    providers.save(
        "alice",
        provider(provider, "alice-provider"),
        new CredentialChange.Replace(Secret.of(SECRET)));
    UUID route = UUID.randomUUID();
    routes.save("alice", route(route, "alice-*", provider));
    limits.save("alice", alicesLimits(), Map.of(key, alicesLimits()));
    PriceRepository.TenantPrice price = price("alice-model");
    prices.save("alice", price);
    BudgetRepository budgets = new BudgetRepository(database);
    BudgetWebhooks webhooks = new BudgetWebhooks(database, masterKey);
    BudgetAlerts alerts = new BudgetAlerts(database);
    BudgetWatch watch = new BudgetWatch(database, _ -> {});
    Place alicesHook = new Place("https://alice-hooks.example.com", false);
    budgets.save("alice", new Budget(Optional.of(key), 4_711, List.of(), true));
    webhooks.save("alice", alicesHook, Optional.of(Secret.of(SECRET)));
    postgres.execute(
        "INSERT INTO budget_alert (tenant_id, key_id, month, limit_cents, percent, stops,"
            + " spent_nano_usd, delivery) VALUES ('alice', '"
            + key
            + "', '2026-01-01', 4711, 100, true, 1, 'pending')");
    UUID alert = UUID.fromString(postgres.query("SELECT id FROM budget_alert").getFirst());
    UUID account = UUID.randomUUID();
    members.addAccount("alice", account, "alice@example.com", "$argon2id$none");
    members.save("alice", account, "owner");
    RandomToken invitation = RandomToken.withPrefix("i-");
    UUID invited =
        members.invite(
            "alice",
            "alices-guest@example.com",
            "member",
            invitation,
            Instant.now().plusSeconds(600));
    UUID token =
        tokens.add("alice", "alice-ci", "owner", RandomToken.withPrefix("t-"), Optional.empty());
    audit.add("alice", "account:" + account, "alice.did", "alice-thing");
    Claim claim = new Claim("alice", "alice", "alice-idempotency");
    idempotency.claim(claim, "request");
    idempotency.store(claim, Secret.of("alice-answer"));
    UsageRecord aliceUsage = usageOf("alice");
    usage.save(List.of(aliceUsage));
    tenants.savePrivacy("alice", alicesPolicy(), _ -> true);
    RecordedExchanges exchanges = new RecordedExchanges(database, masterKey);
    exchanges.save(List.of(RecordedExchangesIT.exchange("alice", "alice-request", SECRET)));
    alicesMarks =
        Stream.concat(
                Stream.of("alice", SECRET, SECRET.substring(SECRET.length() - 4)),
                Stream.of(
                        key,
                        provider,
                        route,
                        account,
                        invited,
                        token,
                        price.id(),
                        aliceUsage.id(),
                        alert)
                    .map(UUID::toString))
            .toList();

    queries.put(
        "TenantRepository.saveTenant",
        t -> {
          tenants.saveTenant(t, "M", "free", false);
          return "";
        });
    queries.put("TenantRepository.create", t -> tenants.create(t, "M", "free"));
    queries.put("TenantRepository.tenant", tenants::tenant);
    queries.put("TenantRepository.change", t -> tenants.change(t, "M", "free", List.of()));
    queries.put("TenantRepository.exists", tenants::exists);
    queries.put("TenantRepository.keyIds", tenants::keyIds);
    queries.put("TenantRepository.providerIds", tenants::providerIds);
    queries.put(
        "TenantRepository.saveRoute",
        t -> {
          tenants.saveRoute(t, 0, "*", List.of(provider));
          return "";
        });
    queries.put("TenantRepository.modelPatterns", tenants::modelPatterns);
    queries.put(
        "TenantRepository.privacy",
        t -> tenants.privacy(t).map(row -> row.actions().toString() + row.detection().allow()));
    queries.put(
        "TenantRepository.savePrivacy", t -> tenants.savePrivacy(t, PrivacyRow.DEFAULT, _ -> true));
    queries.put(
        "KeyRepository.list",
        t -> List.of(keys.list(t, ALL), keys.list(t, new Page(9, Optional.of(key.toString())))));
    queries.put(
        "KeyRepository.add",
        t -> {
          keys.add(t, "m", RandomToken.withPrefix("sk-"));
          return "";
        });
    queries.put("KeyRepository.revoke", t -> keys.revoke(t, key));
    queries.put("KeyRepository.exists", t -> keys.exists(t, key));
    queries.put("LimitRepository.limits", limits::limits);
    queries.put(
        "LimitRepository.save",
        t -> {
          limits.save(t, Limits.SILENT, Map.of());
          return refused(
              () -> {
                limits.save(t, Limits.SILENT, Map.of(key, Limits.SILENT));
                return "";
              });
        });
    queries.put("BudgetRepository.find", t -> budgets.find(t, Optional.of(key)));
    queries.put(
        "BudgetRepository.save",
        t -> {
          budgets.save(t, new Budget(Optional.empty(), 1, List.of(), true));
          return refused(
              () -> {
                budgets.save(t, new Budget(Optional.of(key), 1, List.of(), true));
                return "";
              });
        });
    queries.put("BudgetRepository.delete", t -> budgets.delete(t, Optional.of(key)));
    queries.put("BudgetRepository.spend", budgets::spend);
    queries.put("BudgetWebhooks.find", webhooks::find);
    queries.put(
        "BudgetWebhooks.secret",
        t -> webhooks.secret(t).map(secret -> new String(secret.reveal(), StandardCharsets.UTF_8)));
    queries.put(
        "BudgetWebhooks.save",
        t -> {
          webhooks.save(t, new Place("https://m.example.com", false), Optional.empty());
          webhooks.save(
              t, new Place("https://m.example.com", false), Optional.of(Secret.of("stolen")));
          return "";
        });
    queries.put("BudgetWebhooks.delete", webhooks::delete);
    queries.put("BudgetAlerts.list", t -> alerts.list(t, ALL));
    // Whose alerts are due is what the leader asks, for all; it shows no more than that.
    queries.put("BudgetAlerts.tenantsDue", _ -> alerts.tenantsDue(10).size());
    queries.put("BudgetAlerts.claim", t -> alerts.claim(t, Duration.ofSeconds(1)));
    queries.put(
        "BudgetAlerts.delivered",
        t -> {
          alerts.delivered(t, alert);
          return "";
        });
    queries.put(
        "BudgetAlerts.failed",
        t -> {
          alerts.failed(t, alert, "stolen", Duration.ZERO);
          return "";
        });
    queries.put(
        "BudgetAlerts.givenUp",
        t -> {
          alerts.givenUp(t, alert, "stolen");
          return "";
        });
    queries.put(
        "BudgetWatch.check",
        t -> {
          watch.check(t);
          return "";
        });
    queries.put("LimitRepository.plans", _ -> limits.plans());
    queries.put("LimitRepository.changePlan", _ -> limits.changePlan("free", plan -> plan));
    queries.put("PriceRepository.list", t -> prices.list(t, ALL));
    queries.put("PriceRepository.count", prices::count);
    queries.put("PriceRepository.find", t -> prices.find(t, price.id()));
    queries.put(
        "PriceRepository.save",
        t ->
            List.of(
                prices.save(t, price("m-model")),
                refused(
                    () ->
                        prices.save(
                            t,
                            new PriceRepository.TenantPrice(
                                price.id(), price("m-other").price())))));
    queries.put("PriceRepository.delete", t -> prices.delete(t, price.id()));
    queries.put("PriceRepository.platform", _ -> prices.platform(ALL));
    queries.put("PriceRepository.inPlaceOf", _ -> prices.inPlaceOf(price("m").price()));
    queries.put(
        "PriceRepository.put",
        _ -> {
          prices.put(new PriceRepository.PlatformPrice(price("m").price(), "", false));
          return "";
        });
    queries.put(
        "PriceRepository.plant",
        _ -> {
          prices.plant(List.of(new PriceRepository.PlatformPrice(price("m").price(), "", true)));
          return "";
        });
    queries.put("BillingRepository.plans", _ -> billing.plans());
    queries.put(
        "BillingRepository.putPlan",
        _ -> {
          billing.putPlan("free", new PlanPrice(0, OptionalLong.empty(), 0));
          return "";
        });
    queries.put("BillingRepository.month", t -> billing.month(t, YearMonth.now(ZoneOffset.UTC)));
    queries.put("ProviderRepository.list", t -> providers.list(t, ALL));
    queries.put("ProviderRepository.find", t -> providers.find(t, provider));
    queries.put(
        "ProviderRepository.credential",
        t ->
            providers
                .credential(t, provider)
                .map(credential -> new String(credential.reveal(), StandardCharsets.UTF_8)));
    queries.put(
        "ProviderRepository.save",
        t ->
            refused(
                () ->
                    providers.save(
                        t,
                        provider(provider, "m"),
                        new CredentialChange.Replace(Secret.of("stolen")))));
    queries.put("ProviderRepository.delete", t -> providers.delete(t, provider));
    queries.put(
        "RouteRepository.list",
        t -> List.of(routes.list(t, new Page(9, Optional.of(route.toString())))));
    queries.put("RouteRepository.find", t -> routes.find(t, route));
    queries.put(
        "RouteRepository.save", t -> refused(() -> routes.save(t, route(route, "m-*", provider))));
    queries.put("RouteRepository.delete", t -> routes.delete(t, route));
    queries.put("MemberRepository.list", t -> members.list(t, ALL));
    queries.put(
        "MemberRepository.find", t -> List.of(members.find(t, account), members.find(t, invited)));
    queries.put("MemberRepository.count", members::count);
    queries.put("MemberRepository.owners", members::owners);
    queries.put(
        "MemberRepository.invite",
        t -> {
          members.invite(
              t,
              "alices-guest@example.com",
              "owner",
              RandomToken.withPrefix("i-"),
              Instant.now().plusSeconds(60));
          members.remove(t, members.list(t, ALL).getFirst().id());
          return "";
        });
    queries.put(
        "MemberRepository.takeInvitation", t -> members.takeInvitation(t, invitation.text()));
    queries.put(
        "MemberRepository.addAccount",
        t -> members.addAccount(t, account, "alice@example.com", "$argon2id$stolen"));
    queries.put(
        "MemberRepository.save",
        t -> {
          UUID own = UUID.randomUUID();
          members.addAccount(t, own, own + "@m.example", "$argon2id$m");
          members.save(t, own, "owner");
          return "";
        });
    queries.put(
        "MemberRepository.remove",
        t -> List.of(members.remove(t, account), members.remove(t, invited)));
    queries.put("MachineTokenRepository.list", t -> tokens.list(t, ALL));
    queries.put("MachineTokenRepository.countLive", tokens::countLive);
    queries.put(
        "MachineTokenRepository.add",
        t -> {
          tokens.add(t, "m", "owner", RandomToken.withPrefix("t-"), Optional.empty());
          return "";
        });
    queries.put("MachineTokenRepository.revoke", t -> tokens.revoke(t, token));
    queries.put(
        "AuditLog.add",
        t -> {
          audit.add(t, "m", "m", "m");
          return "";
        });
    queries.put(
        "AuditLog.addOfPlatform",
        _ -> {
          audit.addOfPlatform("m", "m", "m");
          return "";
        });
    queries.put("AuditLog.list", t -> audit.list(t, AuditLog.Filter.NONE, ALL));
    queries.put("AuditLog.head", audit::head);
    SentHours sent = new SentHours(database, () -> List.of("mallory"));
    queries.put(
        "SentHours.run",
        t -> {
          sent.run(() -> true);
          sent.write(t, Instant.now().plusSeconds(3_600));
          return audit.list(t, AuditLog.Filter.NONE, ALL);
        });
    queries.put(
        "IdempotencyKeys.claim",
        t -> {
          Claim own = new Claim(t, "alice", "alice-idempotency");
          String found = idempotency.claim(own, "request").getClass().getSimpleName();
          idempotency.store(own, Secret.of("m"));
          return found;
        });
    queries.put(
        "IdempotencyKeys.store",
        t -> {
          idempotency.store(new Claim(t, "alice", "alice-idempotency"), Secret.of("m"));
          return "";
        });
    queries.put(
        "UsageRepository.save",
        t -> {
          usage.save(List.of(usageOf(t)));
          return "";
        });
    queries.put("UsageRepository.count", usage::count);
    queries.put(
        "UsageReport.report",
        t ->
            Arrays.stream(UsageReport.Grouping.values())
                .map(
                    grouping ->
                        report.report(t, Instant.now().minusSeconds(600), Instant.now(), grouping))
                .toList());
    queries.put(
        "RecordedExchanges.find",
        t -> exchanges.find(t, "alice-request").map(RecordedExchangesIT::body));
    queries.put(
        "RecordedExchanges.save",
        t -> {
          exchanges.save(List.of(RecordedExchangesIT.exchange(t, "alice-request", "stolen")));
          return "";
        });
    // What is due is asked for all, by the leader.
    queries.put(
        "RecordedExchanges.expire",
        t -> {
          exchanges.expire(() -> true);
          exchanges.expire(t);
          return "";
        });
    queries.put("UsageRepository.latestIds", t -> usage.latestIds(t, 100));
    queries.put(
        "TenantRepository.saveKey",
        t -> {
          tenants.saveKey(t, "alice-key", "sk-mantle-mallory-1");
          return "";
        });
    queries.put(
        "TenantRepository.saveProvider",
        t -> {
          tenants.saveProvider(
              t, "alice-provider", "openai", "http://127.0.0.1:1", Optional.empty(), List.of());
          return "";
        });
    queries.put("TenantRepository.delete", tenants::delete); // last: Mallory is gone after it
  }

  @AfterAll
  void stop() {
    database.close();
  }

  @Test
  void everyClassThatHasTheDatabase_isARepositoryOrKnownToBeNone() {
    Set<String> having =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackagesOf(Database.class)
                .stream()
                .filter(
                    type ->
                        type.getFields().stream()
                            .anyMatch(field -> field.getRawType().isEquivalentTo(Database.class)))
                .map(JavaClass::getName)
                .collect(Collectors.toSet());
    assertThat(having)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(REPOSITORIES.stream(), OF_NO_TENANT.stream())
                .map(Class::getName)
                .toList());
  }

  @Test
  void everyPublicMethodOfEveryRepository_isTried() {
    TreeSet<String> methods = new TreeSet<>();
    for (Class<?> repository : REPOSITORIES) {
      Arrays.stream(repository.getDeclaredMethods())
          .filter(method -> Modifier.isPublic(method.getModifiers()))
          .map(Method::getName)
          .forEach(name -> methods.add(repository.getSimpleName() + "." + name));
    }
    assertThat(queries.keySet()).containsExactlyInAnyOrderElementsOf(methods);
  }

  @TestFactory
  Stream<DynamicTest> query_asAnotherTenant_showsAndChangesNothing() {
    return queries.entrySet().stream()
        .map(
            query ->
                DynamicTest.dynamicTest(
                    query.getKey(),
                    () -> {
                      String before = alicesRows();
                      String shown = String.valueOf(query.getValue().as("mallory"));
                      assertThat(alicesRows()).isEqualTo(before);
                      assertThat(alicesMarks).noneMatch(shown::contains);
                    }));
  }

  private String alicesRows() throws SQLException {
    String sql =
        TABLES.stream()
            .map(
                table ->
                    "SELECT '%1$s ' || t FROM %1$s t WHERE tenant_id = 'alice'".formatted(table))
            .collect(Collectors.joining(" UNION ALL "));
    List<String> rows =
        postgres.query(
            sql
                + " UNION ALL SELECT 'tenant ' || t FROM tenant t WHERE id = 'alice'"
                + " UNION ALL SELECT 'account ' || t FROM account t WHERE email = 'alice@example.com'"
                + " ORDER BY 1");
    assertThat(TABLES)
        .allMatch(table -> rows.stream().anyMatch(row -> row.startsWith(table + " ")));
    return String.join("\n", rows);
  }

  /** Row security may also answer with an error, which shows nothing either. */
  private static String refused(Attempt attempt) {
    try {
      return "done: " + attempt.run();
    } catch (Exception e) {
      assertThat(e).hasMessageMatching("(?s).*(row-level security|foreign key).*");
      return "refused";
    }
  }

  private interface Attempt {
    Object run() throws Exception;
  }

  private static ProviderRepository.Provider provider(UUID id, String name) {
    return new ProviderRepository.Provider(
        id, name, "openai", "http://127.0.0.1:1", List.of(), true, false, Optional.empty(), 0);
  }

  private static Route route(UUID id, String pattern, UUID provider) {
    return new Route(
        id, 0, pattern, List.of(provider), Map.of(), OptionalInt.empty(), OptionalInt.empty());
  }

  private static PriceRepository.TenantPrice price(String model) {
    Rates rates = new Rates(1, OptionalLong.empty(), 1);
    return new PriceRepository.TenantPrice(
        UUID.randomUUID(), new ModelPrice("openai", model, LocalDate.EPOCH, rates));
  }

  private static Limits alicesLimits() {
    return new Limits(Map.of(LimitKind.TOKENS_PER_DAY, OptionalLong.of(4711)));
  }

  private static PrivacyRow alicesPolicy() {
    try {
      return PrivacyJson.read("{\"allow\":[\"alice-phrase\"],\"record_exchanges_hours\":1}");
    } catch (InvalidPolicyException e) {
      throw new AssertionError(e);
    }
  }

  private static UsageRecord usageOf(String tenantId) {
    return RowSecurityIT.usageOf(tenantId);
  }
}
