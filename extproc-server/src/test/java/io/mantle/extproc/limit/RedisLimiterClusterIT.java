package io.mantle.extproc.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.mantle.extproc.tenant.Limits;
import io.mantle.testing.RedisNode;
import io.mantle.testing.RedisServer;
import io.mantle.vault.redis.RedisAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four servers' limiters on a cluster of two nodes with half of the slots each: a script that named
 * keys of two slots would be refused by either.
 */
class RedisLimiterClusterIT {
  private static final int SLOTS = 16_384;
  private static final int SERVERS = 4;
  private static final int TENANTS = 8;
  private static final long NO = Limits.UNLIMITED;

  @TempDir Path folder;

  @Test
  void limitsOfEveryKind_holdExactly_forTenantsOfBothNodes() throws Exception {
    try (RedisNode one = node("one");
        RedisNode two = node("two");
        RedisClient client = RedisClient.create();
        var first = client.connect(uri(one));
        var second = client.connect(uri(two))) {
      join(first.sync(), second.sync(), two.port());
      RedisAddress address =
          RedisAddress.parse(
              "redis+cluster://127.0.0.1:%d,127.0.0.1:%d".formatted(one.port(), two.port()));
      List<RedisLimiter> servers = new ArrayList<>();
      try {
        for (int i = 0; i < SERVERS; i++) {
          servers.add(new RedisLimiter(address, Duration.ofSeconds(2), SERVERS));
        }
        for (RedisLimiter server : servers) {
          await(server::isShared);
        }
        for (int i = 0; i < TENANTS; i++) {
          holdExactly(servers, "tenant-" + i);
        }
      } finally {
        servers.forEach(RedisLimiter::close);
      }
      assertThat(keysOn(first)).as("tenants of one").isPositive();
      assertThat(keysOn(second)).as("tenants of two").isPositive();
    }
  }

  /** Starts one with cluster mode on and no slots yet. */
  RedisNode node(String name) throws Exception {
    return RedisServer.start(folder.resolve(name), "--cluster-enabled", "yes");
  }

  /** Requests, tokens and streams, of the tenant and of two keys of it, all in one question. */
  private static void holdExactly(List<RedisLimiter> servers, String tenant) throws Exception {
    Limits ofTenant = new Limits(1_000, 20, 10_000, 100_000, 30);
    Limits ofKey = new Limits(1_000, 15, 10_000, 100_000, 30);
    List<CompletableFuture<Verdict>> asked = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      Ask ask = new Ask(tenant, i % 2 == 0 ? "even" : "odd", ofTenant, ofKey, 100);
      asked.add(servers.get(i % SERVERS).admit(ask).toCompletableFuture());
    }
    List<Verdict> verdicts = asked.stream().map(CompletableFuture::join).toList();
    assertThat(verdicts).allMatch(verdict -> verdict.standing().shared());
    List<Reservation> held = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      if (verdict instanceof Verdict.Admitted admitted) {
        held.add(admitted.reservation());
      }
    }
    assertThat(held).hasSize(20);
    held.forEach(reservation -> reservation.settle(40));
    Limits streams = new Limits(NO, NO, 10_000, NO, 1);
    Standing.Left left = new Standing.Left(10_000, 10_000 - 20 * 40, Duration.ofMinutes(1));
    // What one server settles another sees a moment later.
    await(
        () ->
            ask(servers.getFirst(), tenant, streams) instanceof Verdict.Admitted admitted
                && left.equals(admitted.standing().tokens()));
    assertThat(ask(servers.getLast(), tenant, streams))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Verdict.Reason.STREAMS));
  }

  private static Verdict ask(RedisLimiter server, String tenant, Limits limits) {
    return server
        .admit(new Ask(tenant, "odd", limits, Limits.NONE, 0))
        .toCompletableFuture()
        .join();
  }

  private static RedisURI uri(RedisNode node) {
    return RedisURI.create("redis://127.0.0.1:" + node.port());
  }

  private static long keysOn(StatefulRedisConnection<String, String> node) {
    return node.sync().dbsize();
  }

  private static void join(
      RedisCommands<String, String> one, RedisCommands<String, String> two, int portOfTwo)
      throws InterruptedException {
    one.clusterAddSlots(IntStream.range(0, SLOTS / 2).toArray());
    two.clusterAddSlots(IntStream.range(SLOTS / 2, SLOTS).toArray());
    one.clusterMeet("127.0.0.1", portOfTwo);
    await(() -> one.clusterInfo().contains("cluster_state:ok"));
    await(() -> two.clusterInfo().contains("cluster_state:ok"));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time to wait").isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}
