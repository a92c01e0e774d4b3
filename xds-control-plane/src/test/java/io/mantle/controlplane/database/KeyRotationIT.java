package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.controlplane.TestPostgres;
import io.mantle.vault.keys.KeyProvider;
import io.mantle.vault.keys.LocalKeyset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rotations on a real database, by one or two control planes, looked at after every step. */
final class KeyRotationIT {
  private static final int TENANTS = 7;
  private static final int ROWS_PER_STEP = 3;

  private final Root root = new Root();
  private TestPostgres postgres;
  private Plane one;
  private Plane other;

  /** A key of this test, which can be away as a key management service can. */
  private static final class Root implements KeyProvider {
    private final LocalKeyset key = LocalKeyset.ephemeral();
    private volatile boolean away;

    @Override
    public String keyId() {
      return "test:1";
    }

    @Override
    public byte[] wrap(byte[] clear, byte[] associatedData)
        throws GeneralSecurityException, IOException {
      answer();
      return key.wrap(clear, associatedData);
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] associatedData)
        throws GeneralSecurityException, IOException {
      answer();
      return key.unwrap(wrapped, associatedData);
    }

    private void answer() throws IOException {
      if (away) {
        throw new IOException("KMS at kms.example cannot be reached");
      }
    }
  }

  /** The vault that sidecars share, as far as rotations know it. */
  private static final class VaultKeys implements KeyRotations.SharedVaultKeys {
    private final ConcurrentLinkedQueue<String> rotated = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> rewrapped = new ConcurrentLinkedQueue<>();
    private volatile boolean away;
    private volatile String broken = "";

    @Override
    public boolean rotate(String tenantId) throws IOException {
      answer();
      return !tenantId.equals(broken) && rotated.add(tenantId);
    }

    @Override
    public boolean rewrap(String tenantId) throws IOException {
      answer();
      return !tenantId.equals(broken) && rewrapped.add(tenantId);
    }

    private void answer() throws IOException {
      if (away) {
        throw new IOException("away");
      }
    }
  }

  /** What a control plane holds in memory, with its own connections. */
  private final class Plane implements AutoCloseable {
    final Database database = Database.open(postgres.url());
    final MasterKey master = new MasterKey(database, root);
    final TenantRepository tenants = new TenantRepository(database, master);
    final PublishedRows published = new PublishedRows(database, master, tenants);
    final BudgetWebhooks webhooks = new BudgetWebhooks(database, master);
    final VaultKeys vault = new VaultKeys();
    final KeyRotations rotations =
        new KeyRotations(database, master, Optional.of(vault), ROWS_PER_STEP, Duration.ZERO);

    void toTheEnd() {
      while (rotations.step() == KeyRotations.Step.WORKED) {
        // the next
      }
    }

    @Override
    public void close() {
      database.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    postgres = TestPostgres.create();
    one = new Plane();
    one.database.migrate();
    other = new Plane();
    for (int i = 0; i < TENANTS; i++) {
      one.tenants.saveTenant("t" + i, "T", "free", false);
      one.tenants.saveProvider(
          "t" + i, "p", "openai", "http://127.0.0.1:1", Optional.of(credential(i)), List.of());
    }
    one.webhooks.save(
        "t3",
        new BudgetWebhooks.Place("https://hooks.example.com", false),
        Optional.of(Secret.of("webhook-secret")));
    new TokenKeys(one.database, one.master).all();
  }

  @AfterEach
  void stop() {
    one.close();
    other.close();
  }

  private static Secret credential(int i) {
    return Secret.of("sk-of-provider-" + i);
  }

  /** As they would be served now. */
  private static List<String> served(Plane plane) throws Exception {
    List<String> served = new ArrayList<>();
    for (String tenant : plane.published.tenantIds()) {
      plane
          .webhooks
          .secret(tenant)
          .ifPresent(secret -> served.add(new String(secret.reveal(), StandardCharsets.UTF_8)));
    }
    for (TenantRead read : plane.published.read(plane.published.tenantIds())) {
      assertThat(read).isInstanceOf(TenantRows.class);
      TenantRows rows = (TenantRows) read;
      served.add(HexFormat.of().formatHex(rows.surrogateKey().reveal()));
      rows.providers()
          .forEach(p -> served.add(new String(p.credential().reveal(), StandardCharsets.UTF_8)));
    }
    return served;
  }

  private KeyRotation state(KeyRotation rotation) {
    return one.rotations.find(rotation.id()).orElseThrow();
  }

  @Test
  void masterKey_rotated_servesTheSameAtEachStepEverywhere() throws Exception {
    List<String> before = served(one);
    assertThat(before).hasSize(2 * TENANTS + 1).contains("sk-of-provider-6", "webhook-secret");
    List<UUID> signing = tokenKeys(other);

    KeyRotation rotation = one.rotations.beginMaster();
    assertThat(rotation.total()).isEqualTo(TENANTS + 1 + TENANTS);
    assertThat(one.rotations.beginMaster().id()).as("one at a time").isEqualTo(rotation.id());
    int steps = 0;
    while (one.rotations.step() == KeyRotations.Step.WORKED) {
      assertThat(served(one)).isEqualTo(before);
      assertThat(served(other)).isEqualTo(before);
      steps++;
    }
    assertThat(steps).isGreaterThan(TENANTS / ROWS_PER_STEP);

    KeyRotation done = state(rotation);
    assertThat(done.state()).isEqualTo(KeyRotation.State.COMPLETED);
    assertThat(done.done()).isEqualTo(done.total());
    assertThat(postgres.query("SELECT version FROM master_key"))
        .as("the old one")
        .containsExactly("2");
    assertThat(postgres.query("SELECT DISTINCT master_version FROM tenant_key"))
        .containsExactly("2");
    assertThat(one.vault.rewrapped).hasSize(TENANTS);
    assertThat(tokenKeys(other)).isEqualTo(signing);
    try (Plane fresh = new Plane()) {
      assertThat(served(fresh)).isEqualTo(before);
    }
  }

  private static List<UUID> tokenKeys(Plane plane) {
    return new TokenKeys(plane.database, plane.master)
        .all().stream().map(TokenKeys.TokenKey::id).toList();
  }

  @Test
  void worker_killedBetweenSteps_isFollowedByAnother() throws Exception {
    List<String> before = served(one);
    KeyRotation rotation = one.rotations.beginMaster();
    one.rotations.step();
    KeyRotation half = state(rotation);
    assertThat(half.done()).isEqualTo(ROWS_PER_STEP);
    one.database.close();

    assertThat(served(other)).isEqualTo(before);
    other.toTheEnd();
    KeyRotation done = other.rotations.find(rotation.id()).orElseThrow();
    assertThat(done.state()).isEqualTo(KeyRotation.State.COMPLETED);
    assertThat(done.done()).isEqualTo(done.total());
    assertThat(served(other)).isEqualTo(before);
  }

  @Test
  void step_thatBreaksInTheMiddle_leavesNothingHalfDone() throws Exception {
    List<String> before = served(one);
    postgres.execute(
        """
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'the worker dies'; END $$;
        CREATE TRIGGER dies BEFORE UPDATE ON tenant_key FOR EACH ROW
          WHEN (OLD.tenant_id = 't1') EXECUTE FUNCTION fail()
        """);
    KeyRotation rotation = one.rotations.beginMaster();
    assertThatThrownBy(() -> one.rotations.step()).hasMessageContaining("the worker dies");
    assertThat(state(rotation).done()).isZero();
    assertThat(postgres.query("SELECT DISTINCT master_version FROM tenant_key"))
        .containsExactly("1");
    assertThat(served(other)).isEqualTo(before);

    postgres.execute("DROP TRIGGER dies ON tenant_key");
    other.toTheEnd();
    assertThat(state(rotation).done()).isEqualTo(rotation.total());
    assertThat(served(one)).isEqualTo(before);
  }

  @Test
  void controlPlanes_twoAtOnce_doEverythingOnce() throws Exception {
    List<String> before = served(one);
    CountDownLatch go = new CountDownLatch(1);
    ConcurrentLinkedQueue<KeyRotation> begun = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (Plane plane : List.of(one, other)) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      go.await();
                    } catch (InterruptedException e) {
                      return;
                    }
                    begun.add(plane.rotations.beginMaster());
                    while (plane.rotations.latest(new Page(1, Optional.empty())).getFirst().state()
                        == KeyRotation.State.RUNNING) {
                      plane.rotations.step();
                    }
                  }));
    }
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(begun).extracting(KeyRotation::id).hasSize(2).containsOnly(begun.element().id());
    KeyRotation done = state(begun.element());
    assertThat(done.state()).isEqualTo(KeyRotation.State.COMPLETED);
    assertThat(done.done()).isEqualTo(done.total());
    assertThat(one.vault.rewrapped.size() + other.vault.rewrapped.size()).isEqualTo(TENANTS);
    assertThat(served(one)).isEqualTo(before);
    assertThat(served(other)).isEqualTo(before);
  }

  @Test
  void tenantKey_rotated_sealsThatTenantAnewAlone() throws Exception {
    List<String> before = served(other);
    KeyRotation rotation = one.rotations.beginTenant("t3").orElseThrow();
    assertThat(served(one)).isEqualTo(before);
    one.toTheEnd();
    assertThat(state(rotation).state()).isEqualTo(KeyRotation.State.COMPLETED);
    assertThat(state(rotation).done()).isEqualTo(rotation.total()).isEqualTo(4);
    assertThat(
            postgres.query(
                "SELECT tenant_id || ':' || version FROM tenant_key WHERE version > 1 OR tenant_id = 't3'"))
        .containsExactly("t3:2");
    assertThat(postgres.query("SELECT credential_key_version FROM provider WHERE tenant_id = 't3'"))
        .containsExactly("2");
    assertThat(postgres.query("SELECT secret_key_version FROM budget_webhook"))
        .containsExactly("2");
    assertThat(one.vault.rotated).containsExactly("t3");
    assertThat(served(one)).isEqualTo(before);
    assertThat(served(other)).isEqualTo(before);
    assertThat(one.rotations.beginTenant("nobody")).isEmpty();
  }

  @Test
  void values_fromBeforeThereWereTenantKeys_openAndAreMoved() throws Exception {
    byte[] surrogateKey = new byte[32];
    byte[] sealed =
        root.wrap(surrogateKey, "mantle/tenant/t0/surrogate-key".getBytes(StandardCharsets.UTF_8));
    postgres.execute(
        "UPDATE tenant SET surrogate_key_version = NULL, surrogate_key_sealed = '\\x"
            + HexFormat.of().formatHex(sealed)
            + "' WHERE id = 't0'");
    List<String> before = served(one);
    assertThat(before).contains("00".repeat(32));
    one.rotations.beginMaster();
    one.toTheEnd();
    assertThat(postgres.query("SELECT surrogate_key_version FROM tenant WHERE id = 't0'"))
        .containsExactly("1");
    assertThat(served(one)).isEqualTo(before);
  }

  @Test
  void values_thatDoNotOpen_stayWithTheirKeyAndHoldUpNoOther() throws Exception {
    // More of them than a step takes, and before the others.
    postgres.execute("UPDATE tenant_key SET sealed = '\\x00' WHERE tenant_id < 't4'");
    KeyRotation rotation = one.rotations.beginMaster();
    one.toTheEnd();
    KeyRotation done = state(rotation);
    assertThat(done.state()).isEqualTo(KeyRotation.State.INCOMPLETE);
    assertThat(done.failed()).isEqualTo(4);
    assertThat(done.done()).isEqualTo(done.total() - 4);
    assertThat(
            postgres.query("SELECT tenant_id FROM tenant_key WHERE master_version = 1 ORDER BY 1"))
        .containsExactly("t0", "t1", "t2", "t3");
    assertThat(postgres.query("SELECT version FROM master_key ORDER BY 1"))
        .containsExactly("1", "2");
  }

  @Test
  void keyAndValue_movedToAnotherTenant_doNotOpen() throws Exception {
    postgres.execute(
        """
        UPDATE tenant_key SET sealed = (SELECT sealed FROM tenant_key WHERE tenant_id = 't0')
          WHERE tenant_id = 't1';
        UPDATE tenant
          SET surrogate_key_sealed = (SELECT surrogate_key_sealed FROM tenant WHERE id = 't0')
          WHERE id = 't1'
        """);
    assertThat(one.published.read(List.of("t1")))
        .singleElement()
        .isInstanceOf(TenantRead.Unreadable.class);
  }

  @Test
  void vault_away_isAskedAgainLater() throws Exception {
    KeyRotation rotation = one.rotations.beginTenant("t1").orElseThrow();
    one.vault.away = true;
    assertThatThrownBy(() -> one.rotations.step()).isInstanceOf(IllegalStateException.class);
    assertThat(state(rotation).state()).isEqualTo(KeyRotation.State.RUNNING);
    one.vault.away = false;
    one.toTheEnd();
    assertThat(state(rotation).state()).isEqualTo(KeyRotation.State.COMPLETED);
  }

  @Test
  void vault_withATenantThatDoesNotOpen_holdsUpNoOther() {
    one.vault.broken = "t1";
    KeyRotation ofTenant = one.rotations.beginTenant("t1").orElseThrow();
    KeyRotation ofMaster = one.rotations.beginMaster();
    one.toTheEnd();
    for (KeyRotation rotation : List.of(ofTenant, ofMaster)) {
      assertThat(state(rotation).state()).isEqualTo(KeyRotation.State.INCOMPLETE);
      assertThat(state(rotation).failed()).isEqualTo(1);
    }
    assertThat(one.vault.rewrapped).hasSize(TENANTS - 1);
  }

  @Test
  void root_away_leavesWhatIsOpenAndSaysSoElsewhere() throws Exception {
    List<String> before = served(one);
    root.away = true;
    assertThat(served(one)).isEqualTo(before);
    assertThat(other.published.read(List.of("t0")))
        .singleElement()
        .isInstanceOfSatisfying(
            TenantRead.Unreadable.class,
            unreadable -> assertThat(unreadable.reason()).contains("kms.example"));
    assertThatThrownBy(() -> one.rotations.beginMaster())
        .isInstanceOf(KeysUnavailableException.class);
    root.away = false;
    assertThat(served(other)).isEqualTo(before);
  }
}
