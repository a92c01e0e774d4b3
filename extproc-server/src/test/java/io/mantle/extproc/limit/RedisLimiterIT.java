package io.mantle.extproc.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.tenant.Limits;
import io.mantle.testing.RedisNode;
import io.mantle.testing.RedisServer;
import io.mantle.vault.redis.RedisAddress;
import io.mantle.vault.redis.RedisConnection;
import io.mantle.vault.redis.RedisTimes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Four servers' limiters on one real Redis. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisLimiterIT {
  private static final long NO = Limits.UNLIMITED;
  private static final AtomicInteger TENANTS = new AtomicInteger();
  private static final int SERVERS = 4;

  @TempDir static Path folder;

  private final List<RedisLimiter> servers = new ArrayList<>();
  private RedisNode redis;
  private String tenant = "";

  /** Starts the Redis that all tests of the class use. */
  RedisNode newRedis() throws Exception {
    return RedisServer.start(folder);
  }

  @BeforeAll
  void startRedis() throws Exception {
    redis = newRedis();
  }

  @AfterAll
  void stopRedis() {
    if (redis != null) {
      redis.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    tenant = "tenant-" + TENANTS.incrementAndGet();
    for (int i = 0; i < SERVERS; i++) {
      servers.add(
          new RedisLimiter(RedisAddress.parse(redis.url()), Duration.ofSeconds(2), SERVERS));
    }
    awaitShared(true);
  }

  @AfterEach
  void stop() {
    servers.forEach(RedisLimiter::close);
    servers.clear();
  }

  @Test
  void requestsPerMinute_askedOfAllServersAtOnce_areTheLimitExactly() {
    Limits limits = new Limits(NO, 500, NO, NO, NO);
    List<CompletableFuture<Verdict>> asked = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      asked.add(ask(i % SERVERS, "key", limits, 0));
    }
    List<Verdict> verdicts = asked.stream().map(CompletableFuture::join).toList();
    assertThat(verdicts).allMatch(verdict -> verdict.standing().shared());
    assertThat(verdicts).filteredOn(Verdict.Admitted.class::isInstance).hasSize(500);
    Verdict.Refused last = (Verdict.Refused) join(0, "key", limits, 0);
    assertThat(last.retryAfter()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(61));
    assertThat(last.standing().requests())
        .isEqualTo(new Standing.Left(500, 0, Duration.ofMinutes(1)));
  }

  @Test
  void requestsPerSecond_overFourSpans_areWithinOnePercentOfTheLimit() {
    int limit = 100;
    Limits limits = new Limits(limit, NO, NO, NO, NO);
    int admitted = 0;
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(3_950);
    while (System.nanoTime() < end) {
      List<CompletableFuture<Verdict>> asked = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        asked.add(ask(i % SERVERS, "key-" + i % 3, limits, 0));
      }
      for (CompletableFuture<Verdict> one : asked) {
        admitted += one.join() instanceof Verdict.Admitted ? 1 : 0;
      }
    }
    assertThat(admitted).isBetween(4 * limit * 99 / 100, 4 * limit);
  }

  @Test
  void tokens_reservedByOneServer_areSettledForAll() throws Exception {
    Limits limits = new Limits(NO, NO, 1_000, 5_000, NO);
    Reservation held = admitted(join(0, "key", limits, 900));
    assertThat(join(1, "key", limits, 900)).isInstanceOf(Verdict.Refused.class);
    held.settle(100);
    Reservation next = admittedInTheEnd(1, limits, 900);
    next.settle(950);
    // 50 beyond the limit: what was used counts, not what was thought.
    Limits higher = new Limits(NO, NO, 1_060, NO, NO);
    Standing.Left left = new Standing.Left(1_060, 10, Duration.ofMinutes(1));
    await(() -> left.equals(join(3, "key", higher, 0).standing().tokens()));
    Verdict.Refused refused = (Verdict.Refused) join(2, "key", limits, 10);
    assertThat(refused.reason()).isEqualTo(Verdict.Reason.TOKENS);
  }

  @Test
  void streams_areCountedOverAllServers_andEndOnce() throws Exception {
    Limits limits = new Limits(NO, NO, NO, NO, 3);
    List<Reservation> held = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      held.add(admitted(join(i, "key", limits, 1)));
    }
    Verdict.Refused refused = (Verdict.Refused) join(3, "key", limits, 1);
    assertThat(refused.reason()).isEqualTo(Verdict.Reason.STREAMS);
    held.getFirst().settle(0);
    held.getFirst().settle(0);
    admittedInTheEnd(3, limits, 1);
    assertThat(join(0, "key", limits, 1)).isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void streams_ofAServerThatCrashed_areFreeOnceTheirLeaseIsOver() throws Exception {
    Limits limits = new Limits(NO, NO, NO, NO, 1);
    Ask ask = new Ask(tenant, "key", limits, Limits.NONE, 0);
    LimitQuestions questions = new LimitQuestions();
    try (RedisConnection crashed =
        new RedisConnection(RedisAddress.parse(redis.url()), RedisTimes.STANDARD)) {
      questions
          .admit(crashed.commands(), ask, Budget.of(ask), "crashed:1", Duration.ofMillis(400))
          .toCompletableFuture()
          .get(5, TimeUnit.SECONDS);
    }
    assertThat(join(0, "key", limits, 0)).isInstanceOf(Verdict.Refused.class);
    await(() -> join(0, "key", limits, 0) instanceof Verdict.Admitted);
  }

  /**
   * By {@link FairShare}: at first there is enough for both; then who asks less goes on up to its
   * part, and who asks more gets no more than the rest.
   */
  @Test
  void keys_thatTogetherAskForMoreThanThereIs_getWhatFairSharesSay() {
    Limits limits = new Limits(NO, 400, NO, NO, NO);
    int[] equal = new int[2];
    int[] threefold = new int[2];
    for (int i = 0; i < 300; i++) {
      for (int j = 0; j < 2; j++) {
        equal[j] += isAdmitted(new Ask(tenant + "-equal", "key-" + j, limits, Limits.NONE, 0));
      }
      for (int j = 0; j < 3; j++) {
        threefold[0] += isAdmitted(new Ask(tenant, "often", limits, Limits.NONE, 0));
      }
      threefold[1] += isAdmitted(new Ask(tenant, "seldom", limits, Limits.NONE, 0));
    }
    assertThat(equal).containsExactly(200, 200);
    assertThat(threefold).containsExactly(240, 160);
  }

  /** So what {@link LocalLimiterTest} shows of minutes that pass is true of Redis too. */
  @Test
  void redis_judgesAsMemoryDoes() {
    LocalLimiter inMemory = new LocalLimiter(1, System::nanoTime);
    Limits limits = new Limits(NO, 300, 20_000, 30_000, 8);
    Limits ofKey = new Limits(NO, 180, NO, NO, NO);
    Random random = new Random(7);
    List<Runnable> running = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      // Three keys that ask once, twice and three times as often.
      String key = "key-" + Math.max(random.nextInt(3), random.nextInt(3));
      Ask ask = new Ask(tenant, key, limits, ofKey, 20 + random.nextInt(100));
      Verdict expected = inMemory.judge(ask);
      Verdict verdict = servers.getFirst().admit(ask).toCompletableFuture().join();
      assertThat(outcome(verdict)).as("question %s", i).isEqualTo(outcome(expected));
      if (verdict instanceof Verdict.Admitted one && expected instanceof Verdict.Admitted other) {
        long used = random.nextInt(150);
        running.add(
            () -> {
              one.reservation().settle(used);
              other.reservation().settle(used);
            });
      }
      if (!running.isEmpty() && random.nextInt(3) > 0) {
        running.removeFirst().run();
      }
    }
  }

  private static String outcome(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Admitted _ -> "admitted";
      case Verdict.Refused refused -> refused.reason().name();
    };
  }

  private int isAdmitted(Ask ask) {
    Verdict verdict = servers.getLast().admit(ask).toCompletableFuture().join();
    return verdict instanceof Verdict.Admitted ? 1 : 0;
  }

  @Test
  void keysInRedis_haveOneHashTag_noSecret_andExpire() throws Exception {
    Limits limits = new Limits(5, 5, 100, 100, 5);
    Ask ask = new Ask(tenant, "key", limits, limits, 10);
    admitted(servers.getFirst().admit(ask).toCompletableFuture().join());
    try (RedisConnection connection =
        new RedisConnection(RedisAddress.parse(redis.url()), RedisTimes.STANDARD)) {
      List<String> keys =
          connection.commands().keys("mantle:limit:{" + tenant + "}:*").toCompletableFuture().get();
      assertThat(keys).hasSize(12);
      for (String key : keys) {
        assertThat(connection.commands().pttl(key).toCompletableFuture().get())
            .isBetween(1L, Duration.ofDays(1).toMillis() + 2_000);
      }
    }
  }

  /** What one server settles another sees a moment later. */
  private Reservation admittedInTheEnd(int server, Limits limits, long tokens)
      throws InterruptedException {
    List<Verdict> last = new ArrayList<>();
    await(
        () -> {
          last.add(join(server, "key", limits, tokens));
          return last.getLast() instanceof Verdict.Admitted;
        });
    return admitted(last.getLast());
  }

  private CompletableFuture<Verdict> ask(int server, String keyId, Limits limits, long tokens) {
    return servers
        .get(server)
        .admit(new Ask(tenant, keyId, limits, Limits.NONE, tokens))
        .toCompletableFuture();
  }

  private Verdict join(int server, String keyId, Limits limits, long tokens) {
    return ask(server, keyId, limits, tokens).join();
  }

  private static Reservation admitted(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Admitted.class);
    return ((Verdict.Admitted) verdict).reservation();
  }

  private void awaitShared(boolean expected) throws InterruptedException {
    for (RedisLimiter server : servers) {
      await(() -> server.isShared() == expected);
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time to wait").isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}
