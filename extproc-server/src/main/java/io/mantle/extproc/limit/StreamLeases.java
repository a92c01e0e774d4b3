package io.mantle.extproc.limit;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.mantle.vault.redis.RedisConnection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams of this server that Redis counts, each for the time of its lease, which is renewed
 * while the stream lasts. As many as there are exchanges.
 */
final class StreamLeases {
  private final LimitQuestions questions;
  private final RedisConnection connection;
  private final Map<String, List<String>> sets = new ConcurrentHashMap<>();

  StreamLeases(LimitQuestions questions, RedisConnection connection) {
    this.questions = questions;
    this.connection = connection;
  }

  void begin(Ask ask, String stream) {
    List<String> counted = LimitQuestions.streamSets(ask);
    if (!counted.isEmpty()) {
      sets.put(stream, counted);
    }
  }

  void end(String stream) {
    sets.remove(stream);
  }

  void renew() {
    RedisClusterAsyncCommands<String, byte[]> redis = connection.commandsIfConnected();
    if (redis != null) {
      sets.forEach(
          (stream, counted) -> questions.renew(redis, counted, stream, RedisLimiter.LEASE));
    }
  }
}
