package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.controlplane.TestPostgres;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.testing.RedisServer;
import io.mantle.vault.Vault;
import io.mantle.vault.keys.LocalKeyset;
import io.mantle.vault.redis.RedisAddress;
import io.mantle.vault.redis.RedisStore;
import io.mantle.vault.redis.RedisTimes;
import io.mantle.vault.store.StoreLimits;
import io.mantle.vault.value.KeptSurrogate;
import io.mantle.vault.value.VaultException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rotations on a real database and a real Redis: what sidecars keep in the vault is read at every
 * step and after, whoever is interrupted where.
 */
final class VaultKeyRotationIT {
  private static final int TENANTS = 3;
  private static final int ROWS_PER_STEP = 2;
  private static final String OLD = key(1);
  private static final String NEW = key(2);
  private static final RedisTimes PATIENT =
      new RedisTimes(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(1));

  private final List<AutoCloseable> parts = new ArrayList<>();
  private TestPostgres postgres;
  private RedisServer redis;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    redis = own(RedisServer.start(folder));
    postgres = TestPostgres.create();
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : parts.reversed()) {
      part.close();
    }
  }

  @Test
  void masterKey_rotatedToANewRoot_interruptedAndResumed_losesNoConversation() throws Exception {
    Plane before = new Plane(OLD);
    before.makeTenants();
    Vault sidecar = vault(OLD);
    for (int i = 0; i < TENANTS; i++) {
      sidecar.open("t" + i, "c").keep(List.of(kept(i)));
    }
    // Step 1 of docs/keys.md: all processes know the new key, and still the old one.
    String both = NEW + "\n" + OLD;
    Vault restarted = vault(both);
    Plane first = new Plane(both);
    assertKept(restarted);
    before.database.close();

    KeyRotation rotation = first.rotations.beginMaster();
    int steps = 0;
    while (first.find(rotation).done() < rotation.total() - 1) {
      assertThat(first.rotations.step()).isEqualTo(KeyRotations.Step.WORKED);
      assertKept(restarted);
      steps++;
    }
    assertThat(steps).isGreaterThan(TENANTS / ROWS_PER_STEP);
    assertThatThrownBy(() -> vault(NEW).open("t" + (TENANTS - 1), "c"))
        .as("one tenant's keys are still wrapped by the old root")
        .isInstanceOf(VaultException.class);
    first.database.close();

    Plane second = new Plane(both);
    second.toTheEnd();
    assertThat(second.find(rotation).state()).isEqualTo(KeyRotation.State.COMPLETED);
    assertThat(second.find(rotation).done()).isEqualTo(rotation.total());
    assertKept(restarted);
    assertKept(vault(NEW));
    assertThat(new Plane(NEW).published.read(List.of("t0")))
        .singleElement()
        .isInstanceOf(TenantRows.class);
  }

  @Test
  void tenantKey_rotated_interruptedBetweenRedisAndPostgres_losesNoConversation() throws Exception {
    Plane plane = new Plane(OLD);
    plane.makeTenants();
    Vault sidecar = vault(OLD);
    for (int i = 0; i < TENANTS; i++) {
      sidecar.open("t" + i, "c").keep(List.of(kept(i)));
    }
    KeyRotation rotation = plane.rotations.beginTenant("t1").orElseThrow();
    plane.diesAfterRedis = true;
    assertThatThrownBy(() -> plane.rotations.step()).hasMessageContaining("dies");
    assertThat(plane.find(rotation).state()).isEqualTo(KeyRotation.State.RUNNING);
    assertKept(sidecar);

    Plane other = new Plane(OLD);
    other.toTheEnd();

    assertThat(other.find(rotation).state()).isEqualTo(KeyRotation.State.COMPLETED);
    assertKept(sidecar);
    assertKept(vault(OLD));
    sidecar.open("t1", "later").keep(List.of(kept(7)));
    assertThat(vault(OLD).open("t1", "later").surrogates()).containsExactly(kept(7));
  }

  private static void assertKept(Vault vault) throws VaultException {
    for (int i = 0; i < TENANTS; i++) {
      assertThat(vault.open("t" + i, "c").surrogates()).containsExactly(kept(i));
    }
  }

  private static KeptSurrogate kept(int number) {
    return new KeptSurrogate(
        EntityType.PERSON, "Juliet " + number, new Plaintext("Maria " + number), true, true);
  }

  private static String key(int seed) {
    byte[] key = new byte[32];
    key[0] = (byte) seed;
    return Base64.getEncoder().encodeToString(key);
  }

  /** As a process opens it whose master key is this. */
  private Vault vault(String keys) {
    return own(
        new Vault(
            LocalKeyset.parse(keys),
            new RedisStore(RedisAddress.parse(redis.url()), StoreLimits.STANDARD, PATIENT),
            StoreLimits.STANDARD));
  }

  private <T extends AutoCloseable> T own(T part) {
    parts.add(part);
    return part;
  }

  /** What a control plane holds in memory, with its own connections. */
  private final class Plane {
    private final Database database = own(Database.open(postgres.url()));
    private final TenantRepository tenants;
    private final PublishedRows published;
    private final KeyRotations rotations;
    private boolean diesAfterRedis;

    private Plane(String keys) {
      MasterKey master = new MasterKey(database, LocalKeyset.parse(keys));
      tenants = new TenantRepository(database, master);
      published = new PublishedRows(database, master, tenants);
      KeyRotations.SharedVaultKeys shared = new VaultKeys(vault(keys));
      rotations =
          new KeyRotations(
              database, master, Optional.of(mortal(shared)), ROWS_PER_STEP, Duration.ZERO);
    }

    private KeyRotations.SharedVaultKeys mortal(KeyRotations.SharedVaultKeys shared) {
      return new KeyRotations.SharedVaultKeys() {
        @Override
        public boolean rotate(String tenantId) throws Exception {
          boolean rotated = shared.rotate(tenantId);
          if (diesAfterRedis) {
            throw new IllegalStateException("the process dies");
          }
          return rotated;
        }

        @Override
        public boolean rewrap(String tenantId) throws Exception {
          return shared.rewrap(tenantId);
        }
      };
    }

    private void makeTenants() {
      database.migrate();
      for (int i = 0; i < TENANTS; i++) {
        tenants.saveTenant("t" + i, "T", "free", false);
      }
    }

    private void toTheEnd() {
      while (rotations.step() == KeyRotations.Step.WORKED) {
        // the next
      }
    }

    private KeyRotation find(KeyRotation rotation) {
      return rotations.find(rotation.id()).orElseThrow();
    }
  }
}
