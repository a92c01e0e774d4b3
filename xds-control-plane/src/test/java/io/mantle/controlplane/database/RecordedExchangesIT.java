package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.controlplane.TestPostgres;
import io.mantle.vault.keys.LocalKeyset;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What providers were sent: sealed at rest, and there for as long as the policy says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RecordedExchangesIT {
  private static final String BODY = "{\"content\":\"Jordan Whitfield said so\"}";

  private TestPostgres postgres;
  private Database database;
  private MasterKey masterKey;
  private TenantRepository tenants;
  private RecordedExchanges exchanges;

  @BeforeAll
  void start() throws Exception {
    postgres = TestPostgres.create();
    database = Database.open(postgres.url());
    database.migrate();
    masterKey = new MasterKey(database, LocalKeyset.ephemeral());
    tenants = new TenantRepository(database, masterKey);
    exchanges = new RecordedExchanges(database, masterKey, 3);
  }

  @BeforeEach
  void makeTenants() throws Exception {
    for (String tenant : List.of("alice", "bob")) {
      tenants.delete(tenant);
      tenants.create(tenant, tenant, "free");
      keepFor(tenant, "24");
    }
  }

  @AfterAll
  void stop() {
    database.close();
  }

  static RecordedExchange exchange(String tenant, String requestId, String body) {
    return exchange(tenant, requestId, body, Duration.ZERO);
  }

  private static RecordedExchange exchange(
      String tenant, String requestId, String body, Duration ago) {
    return new RecordedExchange(
        tenant,
        requestId,
        Instant.now().minus(ago),
        "openai",
        "m-1",
        "/v1/chat/completions",
        body.length(),
        Secret.of(body));
  }

  static String body(RecordedExchanges.Kept kept) {
    return new String(kept.exchange().body().reveal(), StandardCharsets.UTF_8);
  }

  private void keepFor(String tenant, String hours) throws Exception {
    tenants.savePrivacy(
        tenant, PrivacyJson.read("{\"record_exchanges_hours\":" + hours + "}"), _ -> true);
  }

  private Optional<String> found(String tenant, String requestId) throws Exception {
    return exchanges.find(tenant, requestId).map(RecordedExchangesIT::body);
  }

  private List<String> rows() throws Exception {
    return postgres.query("SELECT request_id FROM recorded_exchange ORDER BY 1");
  }

  @Test
  void record_isSealedAtRest_andOpensInItsPlaceAlone() throws Exception {
    exchanges.save(List.of(exchange("alice", "r-1", BODY), exchange("bob", "r-2", "{}")));

    assertThat(found("alice", "r-1")).hasValue(BODY);
    RecordedExchanges.Kept kept = exchanges.find("alice", "r-1").orElseThrow();
    assertThat(kept.expiresAt()).isEqualTo(kept.exchange().startedAt().plus(Duration.ofDays(1)));
    assertThat(kept.exchange().truncated()).isFalse();
    assertThat(found("bob", "r-1")).isEmpty();
    assertThat(
            postgres.query(
                "SELECT encode(sealed, 'escape') || recorded_exchange::text FROM recorded_exchange"))
        .hasSize(2)
        .noneMatch(row -> row.contains("Whitfield") || row.contains("Jordan"));

    postgres.execute("UPDATE recorded_exchange SET request_id = 'r-9' WHERE request_id = 'r-1'");
    assertThatThrownBy(() -> found("alice", "r-9")).isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void record_twiceOfOneRequest_staysTheFirst_andOnesOfTenantsThatDoNotAskAreNone()
      throws Exception {
    keepFor("bob", "null");
    exchanges.save(
        List.of(
            exchange("alice", "r-1", "first"),
            exchange("alice", "r-1", "second"),
            exchange("bob", "r-1", "bobs"),
            exchange("nobody", "r-1", "nobodys")));
    exchanges.save(List.of(exchange("alice", "r-1", "third")));

    assertThat(found("alice", "r-1")).hasValue("first");
    assertThat(rows()).containsExactly("r-1");
  }

  @Test
  void records_beyondTheNumberOfATenant_areTheOldestToGo() throws Exception {
    exchanges.save(
        List.of(
            exchange("bob", "r-b", "{}", Duration.ofHours(5)),
            exchange("alice", "r-1", "{}", Duration.ofHours(1)),
            exchange("alice", "r-4", "{}", Duration.ofHours(4)),
            exchange("alice", "r-2", "{}", Duration.ofHours(2)),
            exchange("alice", "r-3", "{}", Duration.ofHours(3))));
    assertThat(rows()).containsExactly("r-1", "r-2", "r-3", "r-b");
  }

  @Test
  void records_tooOldForThePolicyOfNow_areNotShown_andDeletedByTheLeader() throws Exception {
    exchanges.save(
        List.of(
            exchange("alice", "r-1", "{}"),
            exchange("alice", "r-old", "{}", Duration.ofHours(3)),
            exchange("alice", "r-late", "{}", Duration.ofHours(25)),
            exchange("bob", "r-b", "{}")));
    assertThat(found("alice", "r-old")).isPresent();
    assertThat(found("alice", "r-late")).isEmpty();

    keepFor("alice", "2");
    assertThat(found("alice", "r-old")).isEmpty();
    exchanges.expire(() -> false);
    assertThat(rows()).hasSize(4);
    exchanges.expire(() -> true);
    assertThat(rows()).containsExactly("r-1", "r-b");

    keepFor("bob", "null");
    assertThat(found("bob", "r-b")).isEmpty();
    exchanges.expire(() -> true);
    assertThat(rows()).containsExactly("r-1");
    tenants.delete("alice");
    assertThat(rows()).isEmpty();
  }

  @Test
  void keyOfATenant_replacedByARotation_staysUntilItsRecordsAreGone() throws Exception {
    exchanges.save(List.of(exchange("alice", "r-1", BODY)));
    KeyRotations rotations =
        new KeyRotations(database, masterKey, Optional.empty(), 10, Duration.ZERO);
    RetiredTenantKeys retired = new RetiredTenantKeys(database);
    rotations.beginTenant("alice");
    assertThat(rotations.step()).isEqualTo(KeyRotations.Step.WORKED);
    retired.destroyUnused();

    assertThat(found("alice", "r-1")).hasValue(BODY);
    exchanges.save(List.of(exchange("alice", "r-2", BODY)));
    assertThat(keysOfAlice()).containsExactly("1", "2");

    postgres.execute("DELETE FROM recorded_exchange WHERE request_id = 'r-1'");
    retired.destroyUnused();
    assertThat(keysOfAlice()).containsExactly("2");
    assertThat(found("alice", "r-2")).hasValue(BODY);
  }

  private List<String> keysOfAlice() throws Exception {
    return postgres.query("SELECT version FROM tenant_key WHERE tenant_id = 'alice' ORDER BY 1");
  }
}
