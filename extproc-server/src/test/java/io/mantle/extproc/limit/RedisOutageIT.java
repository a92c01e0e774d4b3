package io.mantle.extproc.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.tenant.Limits;
import io.mantle.testing.RedisServer;
import io.mantle.vault.redis.RedisAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limiters whose Redis hangs or dies, and comes back with what it knew. */
class RedisOutageIT {
  private static final long NO = Limits.UNLIMITED;
  private static final AtomicInteger TENANTS = new AtomicInteger();
  private static final int SERVERS = 4;

  /** Less than the lease of a stream, so that what is free by then was given back. */
  private static final Duration GIVEN_BACK_MAX = Duration.ofSeconds(30);

  @TempDir static Path folder;
  private static RedisServer redis;

  private final String tenant = "outage-" + TENANTS.incrementAndGet();
  private RedisLimiter impatient;
  private RedisLimiter patient;

  @BeforeAll
  static void startRedis() throws Exception {
    redis = RedisServer.start(folder, "--appendonly", "yes", "--appendfsync", "always");
  }

  @AfterAll
  static void stopRedis() {
    if (redis != null) {
      redis.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    impatient = limiter(Duration.ofMillis(50));
    patient = limiter(Duration.ofSeconds(2));
    await(impatient::isShared);
    await(patient::isShared);
  }

  @AfterEach
  void stop() {
    impatient.close();
    patient.close();
  }

  @Test
  void redis_killedMidRun_leavesEachServerItsShare_andComesBack() throws Exception {
    Limits limits = new Limits(NO, 40, NO, NO, NO);
    List<RedisLimiter> servers = List.of(impatient, patient);
    for (int i = 0; i < 10; i++) {
      admitted(join(servers.get(i % 2), "key", limits, 0));
    }
    redis.kill();
    int admitted = 0;
    try {
      boolean everNode = false;
      for (int i = 0; i < 200; i++) {
        Verdict verdict = join(servers.get(i % 2), "key", limits, 0);
        admitted += verdict instanceof Verdict.Admitted ? 1 : 0;
        everNode |= !verdict.standing().shared();
      }
      assertThat(everNode).isTrue();
      assertThat(admitted).as("two parts of ten, of which each has let in five").isEqualTo(10);
    } finally {
      redis.restart();
    }
    await(() -> join(patient, "other", limits, 0).standing().shared());
  }

  @Test
  void redis_hanging_holdsNobodyUpForLong() throws Exception {
    Limits limits = new Limits(NO, 40, NO, NO, NO);
    redis.suspend();
    try {
      int admitted = 0;
      for (int i = 0; i < 60; i++) {
        Verdict verdict = ask(impatient, "key", limits, 0).get(10, TimeUnit.SECONDS);
        admitted += verdict instanceof Verdict.Admitted ? 1 : 0;
      }
      assertThat(admitted).isEqualTo(10);
      assertThat(impatient.isShared()).isFalse();
      assertThat(impatient.counts().withoutShared()).isEqualTo(60);
    } finally {
      redis.resume();
    }
  }

  @Test
  void redis_hangingAndBack_keepsNoPlaceAndNoTokenOfRequestsItNeverAnswered() throws Exception {
    Limits limits = new Limits(NO, NO, 1_000, 2_000, 2);
    Reservation held = admitted(join(impatient, "key", limits, 300));
    redis.suspend();
    List<CompletableFuture<Verdict>> asked = new ArrayList<>();
    try {
      for (int i = 0; i < 10; i++) {
        asked.add(ask(impatient, "key", limits, 300));
      }
      assertThat(asked).allMatch(one -> !one.join().standing().shared());
      held.settle(100);
    } finally {
      redis.resume();
    }
    Standing.Left left = new Standing.Left(1_000, 0, Duration.ofMinutes(1));
    assertGivenBack(limits, 900, left);
  }

  @Test
  void redis_awayWhenAStreamEnds_learnsOfItOnceItIsBack() throws Exception {
    Limits limits = new Limits(NO, NO, 1_000, NO, 1);
    Reservation held = admitted(join(impatient, "key", limits, 1_000));
    redis.kill();
    try {
      held.settle(100);
    } finally {
      redis.restart();
    }
    assertGivenBack(limits, 900, new Standing.Left(1_000, 0, Duration.ofMinutes(1)));
  }

  /** As many places as there are, and exactly so many tokens. */
  private void assertGivenBack(Limits limits, long tokens, Standing.Left then)
      throws InterruptedException {
    Verdict[] first = new Verdict[1];
    await(
        () -> {
          first[0] = join(patient, "key", limits, tokens);
          return first[0] instanceof Verdict.Admitted && first[0].standing().shared();
        });
    assertThat(first[0].standing().tokens()).isEqualTo(then);
    for (long places = limits.concurrentStreams() - 1; places > 0; places--) {
      admitted(join(patient, "key", limits, 0));
    }
    assertThat(join(patient, "key", limits, 0)).isInstanceOf(Verdict.Refused.class);
  }

  private static RedisLimiter limiter(Duration timeout) {
    return new RedisLimiter(RedisAddress.parse(redis.url()), timeout, SERVERS);
  }

  private CompletableFuture<Verdict> ask(
      RedisLimiter server, String keyId, Limits limits, long tokens) {
    return server.admit(new Ask(tenant, keyId, limits, Limits.NONE, tokens)).toCompletableFuture();
  }

  private Verdict join(RedisLimiter server, String keyId, Limits limits, long tokens) {
    return ask(server, keyId, limits, tokens).join();
  }

  private static Reservation admitted(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Admitted.class);
    return ((Verdict.Admitted) verdict).reservation();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + GIVEN_BACK_MAX.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time to wait").isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}
