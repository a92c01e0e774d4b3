package io.mantle.extproc.limit;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.mantle.vault.redis.RedisAddress;
import io.mantle.vault.redis.RedisConnection;
import io.mantle.vault.redis.RedisTimes;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Budgets in a Redis that all servers share, by its clock: one question for each request, which
 * judges all of its budgets at once. Where Redis gives no answer in time, or is not asked since it
 * gave too few, this server lets in its own share of each limit, counting what it let in before.
 */
final class RedisLimiter implements Limiter {
  private static final Logger log = LoggerFactory.getLogger(RedisLimiter.class);

  /** After a crash a stream is counted for so long. */
  static final Duration LEASE = Duration.ofSeconds(60);

  private static final Duration CONNECT_AGAIN = Duration.ofSeconds(1);
  private static final Duration SETTLE_AGAIN = Duration.ofSeconds(1);
  private static final Duration BREAKER_OPEN = Duration.ofSeconds(1);
  private static final int BREAKER_WINDOW = 20;
  private static final int BREAKER_CALLS_MIN = 5;
  private static final int BREAKER_TRIALS = 3;

  private final RedisConnection connection;
  private final LocalLimiter alone;
  private final LimitQuestions questions = new LimitQuestions();
  private final StreamLeases leases;
  private final Settlements settlements;
  private final CircuitBreaker breaker;
  private final LimitCounts counts = new LimitCounts();
  private final String server = UUID.randomUUID().toString().substring(0, 13);
  private final AtomicLong requests = new AtomicLong();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("limits").factory());

  /**
   * Begins to connect; judges alone until that is done.
   *
   * @param timeout for the answer to one question
   * @param replicas among how many servers each limit is parted while Redis is away
   */
  RedisLimiter(RedisAddress address, Duration timeout, int replicas) {
    this.connection =
        new RedisConnection(
            address, new RedisTimes(timeout, RedisTimes.STANDARD.connectTimeout(), BREAKER_OPEN));
    this.alone = new LocalLimiter(replicas, System::nanoTime);
    this.leases = new StreamLeases(questions, connection);
    this.settlements = new Settlements(questions, connection);
    this.breaker =
        CircuitBreaker.of(
            "limits",
            CircuitBreakerConfig.custom()
                .slidingWindowSize(BREAKER_WINDOW)
                .minimumNumberOfCalls(BREAKER_CALLS_MIN)
                .permittedNumberOfCallsInHalfOpenState(BREAKER_TRIALS)
                .waitDurationInOpenState(BREAKER_OPEN)
                .build());
    var _ =
        clock.scheduleWithFixedDelay(
            this::connect, 0, CONNECT_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    var _ =
        clock.scheduleWithFixedDelay(
            settlements::sendAgain,
            SETTLE_AGAIN.toMillis(),
            SETTLE_AGAIN.toMillis(),
            TimeUnit.MILLISECONDS);
    long renewMillis = LEASE.toMillis() / 3;
    var _ =
        clock.scheduleWithFixedDelay(
            leases::renew, renewMillis, renewMillis, TimeUnit.MILLISECONDS);
  }

  /** Connecting waits, so no request does it; once connected, Lettuce sees to it. */
  private void connect() {
    if (connection.commandsIfConnected() == null) {
      try {
        connection.commands();
      } catch (RedisException e) {
        log.warn("the Redis of the limits does not answer; limits are parted among the servers");
      }
    }
  }

  @Override
  public CompletionStage<Verdict> admit(Ask ask) {
    RedisClusterAsyncCommands<String, byte[]> redis = connection.commandsIfConnected();
    if (redis == null || !breaker.tryAcquirePermission()) {
      return CompletableFuture.completedFuture(judgedAlone(ask));
    }
    List<Budget> budgets = Budget.of(ask);
    String stream = server + ":" + requests.incrementAndGet();
    long from = System.nanoTime();
    return questions
        .admit(redis, ask, budgets, stream, LEASE)
        .handle((answer, failure) -> judged(ask, budgets, stream, from, answer, failure));
  }

  private Verdict judged(
      Ask ask,
      List<Budget> budgets,
      String stream,
      long fromNanos,
      @Nullable List<Long> answer,
      @Nullable Throwable failure) {
    long took = System.nanoTime() - fromNanos;
    if (answer == null || failure != null) {
      breaker.onError(
          took, TimeUnit.NANOSECONDS, failure == null ? new RedisException("nothing") : failure);
      if (LimitQuestions.isSettled(ask, budgets)) {
        // Redis may have run it, or do so yet: what hangs goes on where it was.
        settlements.send(new Settlement(ask, budgets, stream, 0, false));
      }
      return judgedAlone(ask);
    }
    breaker.onSuccess(took, TimeUnit.NANOSECONDS);
    Verdict verdict = read(ask, budgets, stream, answer);
    counts.count(verdict);
    return verdict;
  }

  private Verdict judgedAlone(Ask ask) {
    Verdict verdict = alone.judge(ask);
    counts.countWithoutShared();
    counts.count(verdict);
    return verdict;
  }

  /** The answer: who refused, the wait, then of each budget what is taken. */
  private Verdict read(Ask ask, List<Budget> budgets, String stream, List<Long> answer) {
    int refused = Math.toIntExact(answer.get(0));
    long[] taken = new long[budgets.size()];
    for (int i = 0; i < taken.length; i++) {
      taken[i] = answer.get(2 + i);
    }
    if (refused == 0) {
      return new Verdict.Admitted(
          Standing.of(budgets, taken, -1, Duration.ZERO, true), new Held(ask, budgets, stream));
    }
    int by = refused <= budgets.size() ? refused - 1 : -1;
    Verdict.Reason reason =
        by < 0
            ? Verdict.Reason.STREAMS
            : budgets.get(by).span().ofTokens() ? Verdict.Reason.TOKENS : Verdict.Reason.REQUESTS;
    Duration wait = Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(answer.get(1)));
    return new Verdict.Refused(Standing.of(budgets, taken, by, wait, true), reason, wait);
  }

  @Override
  public LimitCounts counts() {
    return counts;
  }

  /** Whether Redis is asked. */
  @Override
  public boolean isShared() {
    return connection.commandsIfConnected() != null
        && switch (breaker.getState()) {
          case CLOSED, HALF_OPEN, DISABLED, METRICS_ONLY -> true;
          case OPEN, FORCED_OPEN -> false;
        };
  }

  @Override
  public void close() {
    clock.shutdownNow();
    connection.close();
  }

  /** What one request took, in Redis and, for the time without it, here. */
  private final class Held implements Reservation {
    private final Ask ask;
    private final List<Budget> budgets;
    private final String stream;
    private final Reservation here;
    private final AtomicBoolean settled = new AtomicBoolean();

    private Held(Ask ask, List<Budget> budgets, String stream) {
      this.ask = ask;
      this.budgets = budgets;
      this.stream = stream;
      this.here = alone.note(ask);
      leases.begin(ask, stream);
    }

    @Override
    public void settle(long tokensUsed) {
      if (settled.getAndSet(true)) {
        return;
      }
      here.settle(tokensUsed);
      leases.end(stream);
      if (LimitQuestions.isSettled(ask, budgets)) {
        settlements.send(new Settlement(ask, budgets, stream, tokensUsed, true));
      }
    }
  }
}
