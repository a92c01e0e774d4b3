package io.mantle.extproc.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.mantle.extproc.tenant.Limits;
import io.mantle.testing.RedisNode;
import io.mantle.testing.RedisServer;
import io.mantle.vault.redis.RedisAddress;
import io.mantle.vault.redis.RedisConnection;
import io.mantle.vault.redis.RedisTimes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What Redis makes of questions that come twice, or in another order than they were asked. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitQuestionsIT {
  private static final AtomicInteger TENANTS = new AtomicInteger();
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final String STREAM = "server:1";
  private static final RedisTimes PATIENT =
      new RedisTimes(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(1));

  @TempDir static Path folder;

  private final LimitQuestions questions = new LimitQuestions();
  private RedisNode redis;
  private RedisConnection connection;
  private Ask ask;
  private List<Budget> budgets;

  /** Starts the Redis that all tests of the class use. */
  RedisNode newRedis() throws Exception {
    return RedisServer.start(folder);
  }

  @BeforeAll
  void startRedis() throws Exception {
    redis = newRedis();
    connection = new RedisConnection(RedisAddress.parse(redis.url()), PATIENT);
  }

  @AfterAll
  void stopRedis() {
    if (redis != null) {
      connection.close();
      redis.close();
    }
  }

  @BeforeEach
  void newTenant() {
    Limits limits = new Limits(Limits.UNLIMITED, 9, 1_000, 5_000, 1);
    ask = new Ask("questions-" + TENANTS.incrementAndGet(), "key", limits, Limits.NONE, 400);
    budgets = Budget.of(ask);
  }

  @Test
  void admit_thatComesAfterItWasUndone_takesNothing() throws Exception {
    answer(settle(0, false));
    assertThatThrownBy(() -> answer(admit(STREAM))).hasMessageContaining("UNDONE");
    assertThat(streams()).isEmpty();
    assertThat(answer(admit("server:2")).subList(0, 2)).as("let in").containsExactly(0L, -1L);
  }

  @Test
  void undo_ofWhatWasLetIn_givesBackAll_howeverOftenItComes() throws Exception {
    answer(admit(STREAM));
    answer(settle(0, false));
    answer(settle(0, false));
    assertThat(streams()).isEmpty();
    assertThat(answer(admit("server:2"))).isEqualTo(takenAfter(1, 0));
  }

  @Test
  void admit_thatComesTwice_takesOnce() throws Exception {
    List<Long> first = answer(admit(STREAM));
    assertThat(answer(admit(STREAM))).isEqualTo(first);
    assertThat(streams()).containsExactly(STREAM);
  }

  @Test
  void settle_thatComesTwice_countsOnce() throws Exception {
    answer(admit(STREAM));
    answer(settle(150, true));
    answer(settle(150, true));
    assertThat(answer(admit("server:2"))).isEqualTo(takenAfter(1, 150));
  }

  @Test
  void renew_thatComesAfterTheEnd_revivesNothing() throws Exception {
    answer(admit(STREAM));
    assertThat(answer(renew())).isEqualTo(1);
    answer(settle(150, true));
    assertThat(answer(renew())).isZero();
    assertThat(streams()).isEmpty();
  }

  /** What ADMIT says of each budget after so many requests and tokens, and then this request. */
  private List<Long> takenAfter(long requests, long tokens) {
    List<Long> answer = new ArrayList<>(List.of(0L, -1L));
    for (Budget budget : budgets) {
      answer.add((budget.span().ofTokens() ? tokens : requests) + budget.amount());
    }
    return answer;
  }

  private CompletionStage<List<Long>> admit(String stream) {
    return questions.admit(commands(), ask, budgets, stream, LEASE);
  }

  private CompletionStage<Long> settle(long used, boolean answered) {
    return questions.settle(commands(), new Settlement(ask, budgets, STREAM, used, answered));
  }

  private CompletionStage<Long> renew() {
    return questions.renew(commands(), ask, STREAM, LEASE);
  }

  private List<String> streams() throws Exception {
    return answer(commands().zrange("mantle:limit:{" + ask.tenantId() + "}:s", 0, -1)).stream()
        .map(name -> new String(name, StandardCharsets.UTF_8))
        .toList();
  }

  private RedisClusterAsyncCommands<String, byte[]> commands() {
    return connection.commands();
  }

  private static <T> T answer(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
