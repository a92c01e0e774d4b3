package io.mantle.vault.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A real Redis that listens on a port of loopback until it is closed. */
public sealed interface Redis extends AutoCloseable permits LocalRedis, ContainerRedis {
  /** So that a busy machine is no failure. */
  RedisTimes PATIENT =
      new RedisTimes(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(1));

  int port();

  default RedisAddress address() {
    return RedisAddress.parse("redis://127.0.0.1:" + port());
  }

  /** What an operator, or an intruder, does to it. */
  default void run(Consumer<StatefulRedisConnection<String, String>> task) {
    RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", port()));
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      task.accept(connection);
    } catch (RedisConnectionException e) {
      throw new IllegalStateException("Redis does not answer on port " + port(), e);
    } finally {
      client.shutdown(0, 1, TimeUnit.SECONDS);
    }
  }

  @Override
  void close();
}
