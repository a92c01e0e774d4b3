package io.mantle.extproc.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mantle.extproc.tenant.Limits;
import io.mantle.testing.RedisServer;
import io.mantle.vault.redis.RedisAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How exact limits of a minute are where four servers share a Redis, over minutes of real time: run
 * by hand with {@code -Dmantle.limits.seconds=190}. The same in short, by limits of a second, is in
 * {@link RedisLimiterIT}.
 */
class LimitAccuracyIT {
  private static final int SERVERS = 4;
  private static final long NO = Limits.UNLIMITED;
  private static final long MINUTE_MILLIS = 60_000;

  /** A request is in flight for that long before it is settled, here in rounds of 20 ms. */
  private static final int ROUNDS_HELD = 10;

  @TempDir static Path folder;

  /** What was let in, and what it cost in the end. */
  private record Let(long atMillis, String key, long tokens) {}

  @Test
  void everyMinute_ofFourServersUnderThreeKeys_isWithinOnePercentOfTheLimit() throws Exception {
    long seconds = Long.getLong("mantle.limits.seconds", 0);
    assumeTrue(seconds >= 130, "-Dmantle.limits.seconds=190 was not asked for");
    List<RedisLimiter> servers = new ArrayList<>();
    try (RedisServer redis = RedisServer.start(folder)) {
      for (int i = 0; i < SERVERS; i++) {
        servers.add(
            new RedisLimiter(RedisAddress.parse(redis.url()), Duration.ofSeconds(2), SERVERS));
      }
      while (!servers.stream().allMatch(RedisLimiter::isShared)) {
        Thread.sleep(20);
      }
      Limits requests = new Limits(NO, 6_000, NO, NO, NO);
      Limits tokens = new Limits(NO, NO, 600_000, NO, NO);
      List<Let> byRequests = new ArrayList<>();
      List<Let> byTokens = new ArrayList<>();
      Deque<List<Runnable>> running = new ArrayDeque<>();
      long start = System.nanoTime();
      for (int round = 0; ; round++) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        if (millis > TimeUnit.SECONDS.toMillis(seconds)) {
          break;
        }
        List<Runnable> toSettle = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
          // One key asks as much as the other two together.
          String key = i % 4 < 2 ? "greedy" : "key-" + i % 4;
          RedisLimiter server = servers.get((i + round) % SERVERS);
          long used = 60 + (round * 7L + i * 13L) % 80; // of 100 that are reserved
          if (admit(server, "by-requests", key, requests, 0) != null) {
            byRequests.add(new Let(millis, key, 1));
          }
          Reservation held = admit(server, "by-tokens", key, tokens, 100);
          if (held != null) {
            byTokens.add(new Let(millis, key, used));
            toSettle.add(() -> held.settle(used));
          }
        }
        running.add(toSettle);
        if (running.size() > ROUNDS_HELD) {
          running.remove().forEach(Runnable::run);
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
      print("requests", byRequests, 6_000, seconds);
      print("tokens", byTokens, 600_000, seconds);
    } finally {
      servers.forEach(RedisLimiter::close);
    }
  }

  private static @Nullable Reservation admit(
      RedisLimiter server, String tenant, String key, Limits limits, long tokens) {
    Verdict verdict =
        server
            .admit(new Ask(tenant, key, limits, Limits.NONE, tokens))
            .toCompletableFuture()
            .join();
    assertThat(verdict.standing().shared()).isTrue();
    return verdict instanceof Verdict.Admitted admitted ? admitted.reservation() : null;
  }

  /**
   * Of each minute since the start, and of each that begins at any second. What comes back does so
   * up to 0.8 % of a minute late; where it was taken in a burst, that much of the burst is missing
   * from a minute that begins within it.
   */
  private static void print(String what, List<Let> let, long limit, long seconds) {
    long least = Long.MAX_VALUE;
    long most = 0;
    List<Long> minutes = new ArrayList<>();
    for (long from = 0; from + 60 <= seconds; from++) {
      long taken = taken(let, from, null);
      least = Math.min(least, taken);
      most = Math.max(most, taken);
      if (from % 60 == 0) {
        minutes.add(taken);
      }
    }
    System.out.printf(
        "limit of %d %s a minute: %s in the minutes since the start, %d to %d in any;",
        limit, what, minutes, least, most);
    for (String key : List.of("greedy", "key-2", "key-3")) {
      long taken = taken(let, seconds - 60, key);
      System.out.printf(" %s %d", key, taken);
      assertThat(taken).as("a third of the last minute").isGreaterThan(limit / 3 * 9 / 10);
    }
    System.out.println(" in the last");
    assertThat(most).isLessThanOrEqualTo(limit * 101 / 100);
    assertThat(minutes)
        .allMatch(minute -> minute >= limit * 99 / 100 && minute <= limit * 101 / 100);
  }

  private static long taken(List<Let> let, long fromSecond, @Nullable String key) {
    long from = fromSecond * 1_000;
    return let.stream()
        .filter(one -> one.atMillis() >= from && one.atMillis() < from + MINUTE_MILLIS)
        .filter(one -> key == null || one.key().equals(key))
        .mapToLong(Let::tokens)
        .sum();
  }
}
