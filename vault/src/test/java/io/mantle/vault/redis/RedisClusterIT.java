package io.mantle.vault.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.vault.store.StoreLimits;
import io.mantle.vault.store.VaultStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes with half of the slots each: no question of the store needs both. */
class RedisClusterIT {
  private static final int SLOTS = 16_384;
  private static final String SUBJECT = "00112233445566778899aabbccddeeff";

  @TempDir Path folder;

  @Test
  void cluster_ofTwoNodes_servesEveryConversation() throws Exception {
    try (Redis one = node("one");
        Redis two = node("two")) {
      one.run(c -> c.sync().clusterAddSlots(IntStream.range(0, SLOTS / 2).toArray()));
      two.run(c -> c.sync().clusterAddSlots(IntStream.range(SLOTS / 2, SLOTS).toArray()));
      one.run(c -> c.sync().clusterMeet("127.0.0.1", two.port()));
      awaitOk(one);
      awaitOk(two);
      RedisAddress address =
          RedisAddress.parse(
              "redis+cluster://127.0.0.1:%d,127.0.0.1:%d".formatted(one.port(), two.port()));
      try (VaultStore store = new RedisStore(address, StoreLimits.STANDARD, Redis.PATIENT)) {
        for (int i = 0; i < 50; i++) {
          String name = "c" + i;
          store.createTenant("t" + i, bytes("record"));
          store.begin(name, bytes("root"), null);
          assertThat(store.add(name, bytes("root"), Map.of("s:1", bytes(name))))
              .isEqualTo(VaultStore.Addition.ADDED);
          VaultStore.Look look = store.look("t" + i, name);
          assertThat(look.tenantRecord()).isEqualTo(bytes("record"));
          assertThat(look.entries()).containsEntry("s:1", bytes(name));
          assertThat(store.deleteConversation(name)).isEqualTo(bytes("root"));
          store.begin(name, bytes("root"), null);
          store.add(name, bytes("root"), Map.of("s:1", bytes(name)), Set.of(SUBJECT));
        }
        assertThat(store.deleteAbout(SUBJECT).roots()).hasSize(50);
      }
      one.run(c -> assertThat(c.sync().dbsize()).isBetween(10L, 40L));
    }
  }

  /** Starts one with cluster mode on and no slots yet. */
  Redis node(String name) throws Exception {
    return LocalRedis.start(folder.resolve(name), "--cluster-enabled", "yes");
  }

  private static void awaitOk(Redis node) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    String[] info = {""};
    while (!info[0].contains("cluster_state:ok")) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(50);
      node.run(c -> info[0] = c.sync().clusterInfo());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
