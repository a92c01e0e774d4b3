package io.mantle.vault.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.vault.store.StoreLimits;
import io.mantle.vault.store.VaultStore;
import io.mantle.vault.store.VaultStoreContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisStoreIT extends VaultStoreContract {
  @TempDir static Path folder;
  private static final String SUBJECT = "00112233445566778899aabbccddeeff";
  private Redis redis;

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

  @Override
  protected VaultStore store(StoreLimits limits) {
    redis.run(connection -> connection.sync().flushall());
    return new RedisStore(redis.address(), limits, Redis.PATIENT);
  }

  @Test
  void conversation_lookedAt_livesOnElseExpires() throws Exception {
    StoreLimits limits = StoreLimits.STANDARD.withTimeToLive(Duration.ofMillis(600));
    try (VaultStore store = store(limits)) {
      store.begin("c", bytes("root"), null);
      store.putLink("l", bytes("link"));
      for (int i = 0; i < 4; i++) {
        Thread.sleep(250);
        assertThat(store.look("acme", "c").root()).isNotNull();
      }
      store.add("c", bytes("root"), Map.of("s:1", bytes("entry")));
      assertThat(store.link("l")).isNull();
      Thread.sleep(700);
      assertThat(store.look("acme", "c").root()).isNull();
      redis.run(connection -> assertThat(connection.sync().keys("*")).isEmpty());
    }
  }

  @Test
  void subject_ofAConversationThatLivesOn_isListedForAsLong() throws Exception {
    StoreLimits limits = StoreLimits.STANDARD.withTimeToLive(Duration.ofMillis(400));
    try (VaultStore store = store(limits)) {
      for (String name : List.of("looked-at", "deleted", "left")) {
        store.begin(name, bytes("root of " + name), null);
        store.add(name, bytes("root"), Map.of("s:1", bytes("entry")), Set.of(SUBJECT));
      }
      store.deleteConversation("deleted");
      assertThat(listed()).isEqualTo(2);
      for (int i = 0; i < 10; i++) {
        Thread.sleep(160);
        assertThat(store.look("acme", "looked-at").root()).isNotNull();
      }
      assertThat(listed()).isEqualTo(1);
      assertThat(store.deleteAbout(SUBJECT).roots()).containsExactly(bytes("root of looked-at"));
      redis.run(connection -> assertThat(connection.sync().keys("*")).isEmpty());
    }
  }

  private long listed() {
    long[] count = new long[1];
    redis.run(c -> count[0] = c.sync().zcard("mantle:vault:{s:" + SUBJECT + "}"));
    return count[0];
  }

  @Test
  void everyKey_hasAHashTagThatIsAllOfItsName() throws Exception {
    try (VaultStore store = store(StoreLimits.STANDARD)) {
      store.createTenant("acme", bytes("record"));
      store.begin("c", bytes("root"), null);
      store.add("c", bytes("root"), Map.of("s:1", bytes("entry")), Set.of(SUBJECT));
      store.putLink("l", bytes("link"));
      redis.run(
          connection -> {
            List<String> keys = connection.sync().keys("*");
            assertThat(keys)
                .containsExactlyInAnyOrder(
                    "mantle:vault:{t:acme}",
                    "mantle:vault:{c:c}",
                    "mantle:vault:{s:" + SUBJECT + "}",
                    "mantle:vault:{l:l}");
          });
    }
  }
}
