package io.mantle.vault;

import static io.mantle.vault.EntryCodecTest.kept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.privacy.value.EntityType;
import io.mantle.vault.keys.LocalKeyset;
import io.mantle.vault.redis.LocalRedis;
import io.mantle.vault.redis.RedisStore;
import io.mantle.vault.redis.RedisTimes;
import io.mantle.vault.store.StoreLimits;
import io.mantle.vault.value.KeptSurrogate;
import io.mantle.vault.value.VaultException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis killed, frozen, absent: calls are refused in time, and go well again after. */
class RedisFailureIT {
  private static final KeptSurrogate MARIA =
      kept(EntityType.PERSON, "Juliet Pons", "Maria Garcia", true);
  private static final RedisTimes TIMES =
      new RedisTimes(Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofMillis(300));

  @TempDir Path folder;
  private LocalRedis redis;
  private Vault vault;

  @BeforeEach
  void start() throws Exception {
    redis = LocalRedis.start(folder.resolve("redis"));
    vault =
        new Vault(
            LocalKeyset.ephemeral(),
            new RedisStore(redis.address(), StoreLimits.STANDARD, TIMES),
            StoreLimits.STANDARD);
  }

  @AfterEach
  void stop() {
    if (vault != null) {
      vault.close();
    }
    if (redis != null) {
      redis.close();
    }
  }

  @Test
  void redis_killedAndStartedAgain_isRefusedThenKnowsAll() throws Exception {
    vault.open("acme", "c1").keep(List.of(MARIA));
    redis.kill();
    assertThat(refusedAfter(() -> vault.open("acme", "c1"))).isLessThan(Duration.ofSeconds(2));
    redis.restart();
    assertThat(openedInTime().surrogates()).containsExactly(MARIA);
  }

  @Test
  void redis_frozen_isRefusedInTimeThenAtOnceThenServes() throws Exception {
    OpenConversation conversation = vault.open("acme", "c1");
    conversation.keep(List.of(MARIA));
    redis.suspend();
    try {
      for (int i = 0; i < 6; i++) {
        assertThat(refusedAfter(() -> vault.open("acme", "c1"))).isLessThan(Duration.ofSeconds(1));
      }
      assertThat(vault.isAvailable()).isFalse();
      assertThat(refusedAfter(() -> vault.open("acme", "c1"))).isLessThan(Duration.ofMillis(20));
    } finally {
      redis.resume();
    }
    assertThat(openedInTime().surrogates()).containsExactly(MARIA);
    assertThat(vault.isAvailable()).isTrue();
    assertThat(vault.counts().failed(VaultException.Reason.UNAVAILABLE)).isGreaterThanOrEqualTo(7);
  }

  @Test
  void redis_absentAtFirst_isRefusedUntilItIsThere() throws Exception {
    redis.kill();
    try (Vault late =
        new Vault(
            LocalKeyset.ephemeral(),
            new RedisStore(redis.address(), StoreLimits.STANDARD, TIMES),
            StoreLimits.STANDARD)) {
      assertThat(refusedAfter(() -> late.open("acme", "c1"))).isLessThan(Duration.ofSeconds(2));
      redis.restart();
      opensInTime(late);
    }
  }

  @Test
  void redis_outOfMemory_refusesWritesAndStillReads() throws Exception {
    OpenConversation conversation = vault.open("acme", "c1");
    conversation.keep(List.of(MARIA));
    redis.run(
        connection -> {
          connection.sync().configSet("maxmemory-policy", "noeviction");
          connection.sync().configSet("maxmemory", "1");
        });
    KeptSurrogate other = kept(EntityType.PERSON, "A", "B", true);
    assertThatThrownBy(() -> conversation.keep(List.of(other))).isInstanceOf(VaultException.class);
    assertThat(vault.open("acme", "c1").surrogates()).containsExactly(MARIA);
  }

  private interface Call {
    void run() throws Exception;
  }

  private static Duration refusedAfter(Call call) {
    long began = System.nanoTime();
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            VaultException.class,
            e -> assertThat(e.reason()).isEqualTo(VaultException.Reason.UNAVAILABLE));
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private OpenConversation openedInTime() throws Exception {
    return opensInTime(vault);
  }

  private static OpenConversation opensInTime(Vault vault) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      try {
        return vault.open("acme", "c1");
      } catch (VaultException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }
}
