package io.mantle.extproc.limit;

import static io.mantle.extproc.tenant.Limits.UNLIMITED;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The questions that Redis is asked: which keys, which arguments. Stateless. */
final class LimitQuestions {
  private static final String PREFIX = "mantle:limit:{";
  private static final long UNLIMITED_IN_REDIS = -1;

  /** Longer than a question that a broken connection delays may still come. */
  private static final Duration UNDONE = Duration.ofMinutes(5);

  private static final Script ADMIT = new Script(LimitScripts.ADMIT);
  private static final Script SETTLE = new Script(LimitScripts.SETTLE);
  private static final Script RENEW = new Script(LimitScripts.RENEW);

  /** A script and the name that Redis knows it by, once it has run there. */
  private record Script(String text, String sha1) {
    Script(String text) {
      this(text, io.lettuce.core.codec.Base16.digest(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  CompletionStage<List<Long>> admit(
      RedisClusterAsyncCommands<String, byte[]> redis,
      Ask ask,
      List<Budget> budgets,
      String stream,
      Duration lease) {
    List<String> keys = new ArrayList<>();
    List<byte[]> arguments = new ArrayList<>();
    List<String> sets = streamSets(ask);
    boolean fair = budgets.stream().anyMatch(budget -> budget.keysPart() >= 0);
    budgets.forEach(budget -> keys.add(window(ask, budget)));
    keys.add(PREFIX + ask.tenantId() + "}:a");
    keys.addAll(sets);
    if (isSettled(ask, budgets)) {
      keys.add(record(ask, stream));
    }
    arguments.add(ascii(budgets.size()));
    arguments.add(fair ? ask.keyId().getBytes(StandardCharsets.UTF_8) : new byte[0]);
    arguments.add(stream.getBytes(StandardCharsets.UTF_8));
    arguments.add(ascii(lease.toMillis()));
    arguments.add(ascii(sets.size()));
    for (Budget budget : budgets) {
      arguments.add(ascii(budget.isLimited() ? budget.limit() : UNLIMITED_IN_REDIS));
      arguments.add(micros(budget));
      arguments.add(ascii(budget.amount()));
      arguments.add(ascii(budget.keysPart() + 1));
    }
    for (long limit : streamLimits(ask)) {
      arguments.add(ascii(limit));
    }
    return run(redis, ADMIT, ScriptOutputType.MULTI, keys, arguments);
  }

  /** Ends what a request took; the same, and no harm, where it comes twice. */
  CompletionStage<Long> settle(
      RedisClusterAsyncCommands<String, byte[]> redis, Settlement settlement) {
    Ask ask = settlement.ask();
    List<String> keys = new ArrayList<>();
    List<byte[]> arguments = new ArrayList<>();
    for (int i = 0; i < settlement.budgets().size(); i++) {
      Budget budget = settlement.budgets().get(i);
      long more = settlement.tokensUsed() - budget.amount();
      if (budget.span().ofTokens() && more != 0) {
        keys.add(window(ask, budget));
        arguments.add(ascii(i + 1));
        arguments.add(micros(budget));
        arguments.add(ascii(more));
      }
    }
    arguments.addFirst(ascii(settlement.answered() ? 0 : UNDONE.toMillis()));
    arguments.addFirst(settlement.stream().getBytes(StandardCharsets.UTF_8));
    arguments.addFirst(ascii(keys.size()));
    keys.addAll(streamSets(ask));
    keys.add(record(ask, settlement.stream()));
    return run(redis, SETTLE, ScriptOutputType.INTEGER, keys, arguments);
  }

  /** Renews the lease of a stream that has not ended. */
  CompletionStage<Long> renew(
      RedisClusterAsyncCommands<String, byte[]> redis, Ask ask, String stream, Duration lease) {
    List<String> keys = new ArrayList<>(streamSets(ask));
    keys.add(record(ask, stream));
    return run(
        redis,
        RENEW,
        ScriptOutputType.INTEGER,
        keys,
        List.of(stream.getBytes(StandardCharsets.UTF_8), ascii(lease.toMillis())));
  }

  /** Whether the end of such a request matters: requests are not given back. */
  static boolean isSettled(Ask ask, List<Budget> budgets) {
    return isStreamCounted(ask) || budgets.stream().anyMatch(budget -> budget.span().ofTokens());
  }

  /** Whether its stream is counted. */
  static boolean isStreamCounted(Ask ask) {
    return !streamSets(ask).isEmpty();
  }

  /** The sets in which the streams of a request are counted; none where they are not limited. */
  private static List<String> streamSets(Ask ask) {
    List<String> sets = new ArrayList<>();
    if (ask.tenant().concurrentStreams() != UNLIMITED) {
      sets.add(PREFIX + ask.tenantId() + "}:s");
    }
    if (ask.key().concurrentStreams() != UNLIMITED) {
      sets.add(PREFIX + ask.tenantId() + "}:s:" + ask.keyId());
    }
    return sets;
  }

  private static List<Long> streamLimits(Ask ask) {
    List<Long> limits = new ArrayList<>();
    if (ask.tenant().concurrentStreams() != UNLIMITED) {
      limits.add(ask.tenant().concurrentStreams());
    }
    if (ask.key().concurrentStreams() != UNLIMITED) {
      limits.add(ask.key().concurrentStreams());
    }
    return limits;
  }

  private static String record(Ask ask, String stream) {
    return PREFIX + ask.tenantId() + "}:r:" + stream;
  }

  private static String window(Ask ask, Budget budget) {
    String ofTenant = PREFIX + ask.tenantId() + "}:" + budget.span().code();
    return budget.ofKey() ? ofTenant + ":" + ask.keyId() : ofTenant;
  }

  private static <T> CompletionStage<T> run(
      RedisClusterAsyncCommands<String, byte[]> redis,
      Script script,
      ScriptOutputType type,
      List<String> keys,
      List<byte[]> arguments) {
    String[] keyArray = keys.toArray(String[]::new);
    byte[][] values = arguments.toArray(byte[][]::new);
    CompletionStage<T> first = redis.evalsha(script.sha1(), type, keyArray, values);
    return first.exceptionallyCompose(
        failure -> {
          if (isUnknownScript(failure)) {
            return redis.<T>eval(script.text(), type, keyArray, values);
          }
          throw failure instanceof CompletionException e ? e : new CompletionException(failure);
        });
  }

  private static boolean isUnknownScript(Throwable failure) {
    return failure instanceof RedisNoScriptException
        || failure.getCause() instanceof RedisNoScriptException;
  }

  private static byte[] micros(Budget budget) {
    return ascii(budget.span().length().toMillis() * 1_000);
  }

  private static byte[] ascii(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }
}
