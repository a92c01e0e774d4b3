package io.mantle.vault.redis;

import io.mantle.testing.RedisContainer;
import java.io.IOException;

/** The official Redis. */
public record ContainerRedis(RedisContainer container) implements Redis {

  /**
   * Starts one, where {@link RedisContainer#engineAnswers}.
   *
   * @param options of {@code redis-server}
   */
  public static ContainerRedis start(String... options) throws IOException {
    return new ContainerRedis(RedisContainer.start(options));
  }

  @Override
  public int port() {
    return container.port();
  }

  @Override
  public void close() {
    container.close();
  }
}
