package io.mantle.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.vault.redis.LocalRedis;
import io.mantle.vault.redis.Redis;
import io.mantle.vault.redis.RedisStore;
import io.mantle.vault.store.StoreLimits;
import io.mantle.vault.store.VaultStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VaultOnRedisIT extends VaultContract {
  @TempDir static Path folder;
  private Redis redis;
  private final List<VaultStore> others = new ArrayList<>();

  /** Starts the Redis that all tests of the class use. */
  Redis newRedis() throws Exception {
    return LocalRedis.start(folder.resolve("redis"));
  }

  @BeforeAll
  void start() throws Exception {
    redis = newRedis();
  }

  @AfterAll
  void stop() {
    if (redis != null) {
      redis.close();
    }
  }

  @AfterEach
  void closeOthers() {
    others.forEach(VaultStore::close);
    others.clear();
  }

  @Override
  VaultStore store(StoreLimits limits) {
    redis.run(connection -> connection.sync().flushall());
    return new RedisStore(redis.address(), limits, Redis.PATIENT);
  }

  @Override
  VaultStore another(VaultStore store, StoreLimits limits) {
    RedisStore other = new RedisStore(redis.address(), limits, Redis.PATIENT);
    others.add(other);
    return other;
  }

  @Test
  void salt_onRedis_isRandomAndTheSameAtEveryLook() throws Exception {
    Vault vault =
        new Vault(
            io.mantle.vault.keys.LocalKeyset.parse(line(1)),
            another(store(StoreLimits.STANDARD), StoreLimits.STANDARD),
            StoreLimits.STANDARD);
    byte[] salt = vault.open("acme", "c1").salt();
    assertThat(salt).hasSize(32).isEqualTo(vault.open("acme", "c1").salt());
    assertThat(salt).isNotEqualTo(vault.open("acme", "c2").salt());
  }
}
