package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.controlplane.TestPostgres;
import io.mantle.vault.keys.LocalKeyset;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No tenant sees another's rows, and neither role gets around that. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowSecurityIT {
  private static final String TABLES =
      "tenant proxy_key provider route privacy_policy usage account platform_admin membership"
          + " invitation session refresh_token login_attempt token_key machine_token"
          + " idempotency_key audit master_key tenant_key key_rotation plan_limit tenant_limit"
          + " key_limit model_price tenant_model_price usage_day plan_price"
          + " budget budget_webhook budget_alert recorded_exchange";

  private TestPostgres postgres;
  private Database database;
  private TenantRepository tenants;
  private UsageRepository usage;
  private PublishedRows published;

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
    tenants = new TenantRepository(database, masterKey);
    usage = new UsageRepository(database);
    published = new PublishedRows(database, masterKey, tenants);
    for (String tenant : List.of("alice", "bob")) {
      tenants.saveTenant(tenant, tenant, "free", false);
      tenants.saveKey(tenant, "k", "sk-mantle-" + tenant + "-12345678");
      UUID provider =
          tenants.saveProvider(
              tenant,
              "p",
              "openai",
              "http://127.0.0.1:1",
              Optional.of(Secret.of("sk-" + tenant)),
              List.of());
      tenants.saveRoute(tenant, 0, tenant + "-*", List.of(provider));
      usage.save(List.of(usageOf(tenant)));
    }
    MemberRepository members = new MemberRepository(database);
    for (String tenant : List.of("alice", "bob")) {
      UUID account = UUID.randomUUID();
      members.addAccount(tenant, account, tenant + "@example.com", "$argon2id$none");
      members.save(tenant, account, "owner");
      members.invite(
          tenant,
          "guest@example.com",
          "member",
          RandomToken.withPrefix("i-"),
          Instant.now().plusSeconds(600));
      new MachineTokenRepository(database)
          .add(tenant, tenant, "member", RandomToken.withPrefix("t-"), Optional.empty());
      new AuditLog(database).add(tenant, "test", "test", tenant);
      IdempotencyKeys.Claim claim = new IdempotencyKeys.Claim(tenant, "test", "key");
      IdempotencyKeys idempotency = new IdempotencyKeys(database, masterKey);
      idempotency.claim(claim, "request");
      idempotency.store(claim, Secret.of("answer"));
    }
    postgres.execute(
        "INSERT INTO privacy_policy VALUES ('alice', '{\"EMAIL\":\"BLOCK\"}'), ('bob', '{}')");
    postgres.execute(
        "INSERT INTO tenant_model_price (tenant_id, provider_kind, model_pattern, valid_from,"
            + " input_nano_usd, output_nano_usd) SELECT id, 'openai', '*', '2026-01-01', 1, 1 FROM"
            + " tenant WHERE id IN ('alice', 'bob')");
  }

  @AfterAll
  void stop() {
    database.close();
  }

  @Test
  void everyQuery_asAnotherTenant_seesOnlyItsOwn() throws InvalidPolicyException {
    assertThat(tenants.exists("alice")).isTrue();
    assertThat(tenants.keyIds("alice"))
        .hasSize(1)
        .doesNotContainAnyElementsOf(tenants.keyIds("bob"));
    assertThat(tenants.providerIds("alice"))
        .hasSize(1)
        .doesNotContainAnyElementsOf(tenants.providerIds("bob"));
    assertThat(tenants.modelPatterns("alice")).containsExactly("alice-*");
    assertThat(tenants.modelPatterns("bob")).containsExactly("bob-*");
    assertThat(tenants.privacy("alice").orElseThrow().actions()).containsEntry("EMAIL", "block");
    assertThat(tenants.privacy("bob")).hasValue(PrivacyRow.DEFAULT);
    assertThat(usage.count("alice")).isEqualTo(1);
    assertThat(published.usedTenantIds()).contains("alice", "bob");
    assertThat(usage.latestIds("alice", 10))
        .hasSize(1)
        .doesNotContainAnyElementsOf(usage.latestIds("bob", 10));
  }

  @Test
  void everyQuery_asATenantThatIsNot_seesNothing() throws InvalidPolicyException {
    assertThat(tenants.exists("carol")).isFalse();
    assertThat(tenants.keyIds("carol")).isEmpty();
    assertThat(tenants.providerIds("carol")).isEmpty();
    assertThat(tenants.modelPatterns("carol")).isEmpty();
    assertThat(tenants.privacy("carol")).isEmpty();
    assertThat(tenants.savePrivacy("carol", PrivacyRow.DEFAULT, _ -> true))
        .isEqualTo(TenantRepository.Saved.NO_SUCH_TENANT);
    assertThat(usage.count("carol")).isZero();
    assertThat(usage.latestIds("carol", 10)).isEmpty();
  }

  @Test
  void saving_anotherTenantsKey_isRefused() {
    assertThatThrownBy(() -> tenants.saveKey("alice", "stolen", "sk-mantle-bob-12345678"))
        .hasMessageContaining("row-level security");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tenant",
        "proxy_key",
        "tenant_key",
        "provider",
        "route",
        "privacy_policy",
        "usage",
        "usage_day",
        "usage_of_day",
        "account",
        "membership",
        "invitation",
        "machine_token",
        "idempotency_key",
        "audit"
      })
  void appRole_withoutATenant_seesNoRow(String table) throws SQLException {
    assertThat(
            asRole(
                "mantle_app", "SELECT count(id) FROM (SELECT 1 AS id FROM " + table + ") AS rows"))
        .containsExactly("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tenant",
        "proxy_key",
        "tenant_key",
        "provider",
        "route",
        "privacy_policy",
        "usage",
        "usage_day",
        "usage_of_day",
        "tenant_model_price",
        "membership",
        "invitation",
        "machine_token",
        "idempotency_key",
        "audit"
      })
  void appRole_withATenant_seesOnlyItsRows(String table) throws SQLException {
    String column = table.equals("tenant") ? "id" : "tenant_id";
    assertThat(
            asRole(
                "mantle_app",
                "SELECT set_config('mantle.tenant_id', 'alice', false)",
                "SELECT " + column + " FROM " + table))
        .containsExactly("alice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO provider (tenant_id, name, base_url) VALUES ('bob', 'x', 'http://x')",
        "UPDATE provider SET tenant_id = 'bob'",
        "INSERT INTO usage SELECT gen_random_uuid(), 'bob', key_id, provider_id, model, endpoint, started_at, 1, 1,"
            + " true, 200, 'COMPLETED', 1, 1, '{}', '', '' FROM usage",
        "ALTER TABLE tenant DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE tenant NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY of_tenant ON tenant",
        "TRUNCATE provider",
        "DELETE FROM usage",
        "UPDATE usage SET model = 'x'",
        "UPDATE usage_day SET cost_nano_usd = 0",
        "DELETE FROM usage_day",
        "INSERT INTO usage_day SELECT tenant_id, day + 1, key_id, provider_id, model, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,"
            + " 0, 0, '{}' FROM usage_day",
        "UPDATE model_price SET output_nano_usd = 0",
        "UPDATE plan_price SET monthly_fee_cents = 0",
        "UPDATE tenant_model_price SET tenant_id = 'bob'",
        "SELECT password_hash FROM account",
        "UPDATE account SET password_hash = password_hash",
        "SELECT * FROM session",
        "SELECT * FROM refresh_token",
        "SELECT * FROM token_key",
        "SELECT * FROM master_key",
        "SELECT * FROM key_rotation",
        "UPDATE tenant_key SET version = version",
        "SELECT * FROM platform_admin",
        "INSERT INTO platform_admin SELECT account_id FROM membership",
        "INSERT INTO membership SELECT 'bob', account_id, 'owner' FROM membership",
        "INSERT INTO budget VALUES ('bob', NULL, 1, '{}', true)",
        "UPDATE budget_alert SET percent = 1",
        "UPDATE recorded_exchange SET expires_at = expires_at",
        "UPDATE audit SET actor = 'x'",
        "UPDATE audit SET hash = hash",
        "INSERT INTO audit (tenant_id, actor, action, subject, seq) VALUES ('alice', 'x', 'x', 'x', 9)",
        "INSERT INTO audit (tenant_id, actor, action, subject, hash) VALUES ('alice', 'x', 'x', 'x', sha256(''))",
        "INSERT INTO audit (tenant_id, actor, action, subject, at) VALUES ('alice', 'x', 'x', 'x', now())",
        "ALTER TABLE audit DISABLE TRIGGER chained",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "INSERT INTO audit (tenant_id, actor, action, subject) VALUES ('bob', 'x', 'x', 'x')",
        "SET row_security = off; SELECT * FROM tenant",
        "CREATE ROLE evil SUPERUSER",
        "ALTER ROLE mantle_app BYPASSRLS"
      })
  void appRole_tryingToGetAround_isRefused(String sql) {
    assertThatThrownBy(
            () ->
                asRole("mantle_app", "SELECT set_config('mantle.tenant_id', 'alice', false)", sql))
        .isInstanceOf(SQLException.class);
  }

  @Test
  void appRole_changingAnothersRows_changesNone() throws SQLException {
    asRole(
        "mantle_app",
        "SELECT set_config('mantle.tenant_id', 'alice', false)",
        "UPDATE provider SET base_url = 'http://evil' WHERE tenant_id = 'bob'",
        "DELETE FROM tenant WHERE id = 'bob'");

    assertThat(postgres.query("SELECT base_url FROM provider WHERE tenant_id = 'bob'"))
        .containsExactly("http://127.0.0.1:1");
  }

  @Test
  void publisherRole_readsEveryTenant_andNoUsage() throws SQLException {
    assertThat(asRole("mantle_publisher", "SELECT id FROM tenant ORDER BY id"))
        .containsExactly("alice", "bob");
    assertThatThrownBy(() -> asRole("mantle_publisher", "SELECT * FROM usage"))
        .hasMessageContaining("permission denied");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT model FROM usage_day",
        "SELECT spent_nano_usd FROM budget_alert",
        "SELECT url FROM budget_webhook",
        "SELECT sealed FROM recorded_exchange"
      })
  void publisherRole_lookingAtMoreOfBudgetsThanWhatIsPublished_isRefused(String sql) {
    assertThatThrownBy(() -> asRole("mantle_publisher", sql))
        .hasMessageContaining("permission denied");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT surrogate_key_sealed FROM tenant",
        "SELECT * FROM provider",
        "SELECT * FROM proxy_key",
        "SELECT * FROM privacy_policy",
        "SELECT * FROM usage",
        "SELECT * FROM audit",
        "SELECT actor FROM audit",
        "INSERT INTO tenant (id, name) VALUES ('x', 'x')",
        "UPDATE tenant SET name = 'x'",
        "INSERT INTO membership SELECT 'bob', id, 'owner' FROM account",
        "DELETE FROM membership",
        "UPDATE machine_token SET role = 'owner'",
        "INSERT INTO audit (tenant_id, actor, action, subject) VALUES ('alice', 'x', 'x', 'x')"
      })
  void identityRole_readingOrChangingWhatIsATenants_isRefused(String sql) {
    assertThatThrownBy(() -> asRole("mantle_identity", sql)).isInstanceOf(SQLException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit"})
  void audit_changedByASuperuser_isRefused(String sql) {
    assertThatThrownBy(() -> postgres.execute(sql)).hasMessageContaining("append only");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO tenant (id, name) VALUES ('x', 'x')",
        "UPDATE tenant SET name = 'x'",
        "DELETE FROM proxy_key",
        "INSERT INTO usage (id) VALUES (gen_random_uuid())"
      })
  void publisherRole_writing_isRefused(String sql) {
    assertThatThrownBy(() -> asRole("mantle_publisher", sql))
        .hasMessageContaining("permission denied");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT name FROM tenant",
        "SELECT base_url FROM provider",
        "SELECT sealed FROM recorded_exchange",
        "SELECT * FROM proxy_key",
        "SELECT * FROM account",
        "SELECT * FROM privacy_policy",
        "SELECT * FROM usage",
        "SELECT * FROM audit",
        "UPDATE tenant SET plan = 'pro'",
        "UPDATE provider SET base_url = 'http://x'",
        "DELETE FROM provider",
        "INSERT INTO token_key (id, sealed) VALUES (gen_random_uuid(), '')"
      })
  void keysRole_lookingAtMoreThanWhatIsSealed_isRefused(String sql) {
    assertThatThrownBy(() -> asRole("mantle_keys", sql)).hasMessageContaining("permission denied");
  }

  @Test
  void everyTable_hasForcedRowSecurity_andNoRoleBypassesIt() throws SQLException {
    assertThat(
            postgres.query(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
                    + " AND relrowsecurity"
                    + " AND relforcerowsecurity ORDER BY relname"))
        .containsExactlyInAnyOrder(TABLES.split(" "));
    assertThat(
            postgres.query(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
                    + " AND relnamespace = 'public'::regnamespace"))
        .as("a new table needs row security, and a place in this test")
        .containsExactlyInAnyOrder((TABLES + " flyway_schema_history").split(" "));
    assertThat(
            postgres.query(
                "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'"
                    + " AND (NOT relrowsecurity OR relacl IS NOT NULL)"))
        .as("partitions that someone but their owner may touch")
        .isEmpty();
    assertThat(
            postgres.query(
                "SELECT rolname FROM pg_roles WHERE rolname LIKE 'mantle%'"
                    + " AND (rolsuper OR rolbypassrls OR rolcanlogin)"))
        .isEmpty();
  }

  @Test
  void sealedSecrets_movedToAnotherTenant_doNotOpen() throws SQLException {
    postgres.execute(
        "INSERT INTO tenant (id, name, surrogate_key_sealed)"
            + " SELECT 'thief', 'thief', surrogate_key_sealed FROM tenant WHERE id = 'alice'");

    assertThat(published.read(List.of("thief")))
        .singleElement()
        .isInstanceOf(TenantRead.Unreadable.class);
    postgres.execute("DELETE FROM tenant WHERE id = 'thief'");
  }

  @Test
  void storedSecrets_areNotInClear() throws SQLException {
    assertThat(postgres.query("SELECT encode(credential_sealed, 'escape') FROM provider"))
        .hasSize(2)
        .noneMatch(text -> text.contains("sk-alice") || text.contains("sk-bob"));
  }

  @Test
  void tenantInsertedBySql_isGivenASurrogateKeyThatStays() throws SQLException {
    postgres.execute("INSERT INTO tenant (id, name) VALUES ('dora', 'Dora')");

    TenantRows first = (TenantRows) published.read(List.of("dora")).getFirst();
    TenantRows second = (TenantRows) published.read(List.of("dora")).getFirst();

    assertThat(first.surrogateKey().length()).isEqualTo(32);
    assertThat(second.surrogateKey().reveal()).isEqualTo(first.surrogateKey().reveal());
    postgres.execute("DELETE FROM tenant WHERE id = 'dora'");
  }

  @Test
  void usage_sentTwice_isStoredOnce() {
    UsageRecord one = usageOf("erin");
    UsageRecord other = usageOf("erin");
    usage.save(List.of(one));
    usage.save(List.of(one, other));

    assertThat(usage.latestIds("erin", 10)).containsExactlyInAnyOrder(one.id(), other.id());
  }

  @Test
  void usage_ofAKey_saysWhenItWasLastUsed_butNotOfAnothersKey() throws SQLException {
    KeyRepository keys = new KeyRepository(database);
    UUID alices = keys.add("alice", "used", RandomToken.withPrefix("sk-mantle-"));
    usage.save(List.of(usageOf("bob", alices.toString())));
    assertThat(postgres.query("SELECT last_used_at FROM proxy_key WHERE id = '" + alices + "'"))
        .containsExactly("null");
    usage.save(List.of(usageOf("alice", alices.toString())));
    assertThat(postgres.query("SELECT last_used_at FROM proxy_key WHERE id = '" + alices + "'"))
        .doesNotContain("null");
    postgres.execute("DELETE FROM proxy_key WHERE id = '" + alices + "'");
    postgres.execute("DELETE FROM usage WHERE key_id = '" + alices + "'");
    postgres.execute("DELETE FROM usage_day WHERE key_id = '" + alices + "'");
  }

  @Test
  void migrations_asALoginThatIsNoSuperuser_work(@TempDir Path directory) throws Exception {
    TestPostgres own = TestPostgres.create();
    own.execute("CREATE ROLE plain_owner LOGIN CREATEROLE NOSUPERUSER");
    // Where the roles exist already, as on this server, whoever made them grants them.
    own.execute("GRANT mantle_app, mantle_publisher, mantle_identity, mantle_keys TO plain_owner");
    own.execute("ALTER DATABASE " + own.name() + " OWNER TO plain_owner");
    try (Database plain = Database.open(DatabaseUrl.parse(own.urlText("plain_owner", "none")))) {
      plain.migrate();
      TenantRepository repository =
          new TenantRepository(
              plain, new MasterKey(plain, LocalKeyset.at(directory.resolve("keyset.json"))));
      repository.saveTenant("acme", "Acme", "pro", false);
      repository.saveKey("acme", "k", "sk-mantle-acme-12345678");

      assertThat(repository.keyIds("acme")).hasSize(1);
      assertThat(repository.keyIds("other")).isEmpty();
      new UsageRepository(plain).save(List.of(usageOf("acme"), usageOf("other")));
      assertThat(own.query("SELECT tenant_id FROM usage_day ORDER BY 1"))
          .containsExactly("acme", "other");
      Clock inSixYears = Clock.offset(Clock.systemUTC(), Duration.ofDays(6 * 366));
      assertThat(new UsagePartitions(plain, 1, inSixYears).keep()).isTrue();
      assertThat(own.query("SELECT count(*) FROM usage")).containsExactly("0");
      assertThat(
              plain.<List<String>, RuntimeException>asPublisher(
                  handle -> handle.createQuery("SELECT id FROM tenant").mapTo(String.class).list()))
          .containsExactly("acme");
    }
  }

  /** Runs statements in one session of a role; gives the first column of the last one's rows. */
  private List<String> asRole(String role, String... statements) throws SQLException {
    Properties login = postgres.url().properties();
    try (Connection connection = DriverManager.getConnection(postgres.url().jdbcUrl(), login);
        Statement statement = connection.createStatement()) {
      statement.execute("SET ROLE " + role);
      List<String> last = new ArrayList<>();
      for (String sql : statements) {
        last.clear();
        boolean hasRows = statement.execute(sql);
        while (hasRows || statement.getUpdateCount() >= 0) {
          if (hasRows) {
            ResultSet rows = statement.getResultSet();
            while (rows.next()) {
              last.add(String.valueOf(rows.getString(1)));
            }
          }
          hasRows = statement.getMoreResults();
        }
      }
      return last;
    }
  }

  static UsageRecord usageOf(String tenantId) {
    return usageOf(tenantId, "key");
  }

  private static UsageRecord usageOf(String tenantId, String keyId) {
    return new UsageRecord(
        UUID.randomUUID(),
        tenantId,
        keyId,
        Optional.empty(),
        "gpt-4o",
        "/v1/chat/completions",
        Instant.now(),
        12,
        OptionalLong.empty(),
        true,
        200,
        "COMPLETED",
        OptionalLong.of(3),
        OptionalLong.of(4_000_000_000L),
        new UsageRecord.Details(2, 1, false, 300, 500, 1),
        Map.of("EMAIL", 2L),
        false,
        "v",
        "node");
  }
}
