package io.mantle.extproc.limit;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.mantle.vault.redis.RedisConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams of this server that Redis counts, each for the time of its lease, which is renewed
 * while the stream lasts. As many as there are exchanges.
 */
final class StreamLeases {
  private final LimitQuestions questions;
  private final RedisConnection connection;
  private final Map<String, Ask> streams = new ConcurrentHashMap<>();

  StreamLeases(LimitQuestions questions, RedisConnection connection) {
    this.questions = questions;
    this.connection = connection;
  }

  void begin(Ask ask, String stream) {
    if (LimitQuestions.isStreamCounted(ask)) {
      streams.put(stream, ask);
    }
  }

  void end(String stream) {
    streams.remove(stream);
  }

  /** One that ends meanwhile is not revived: Redis renews only what was not settled. */
  void renew() {
    RedisClusterAsyncCommands<String, byte[]> redis = connection.commandsIfConnected();
    if (redis != null) {
      streams.forEach(
          (stream, ask) -> {
            var _ = questions.renew(redis, ask, stream, RedisLimiter.LEASE);
          });
    }
  }
}
