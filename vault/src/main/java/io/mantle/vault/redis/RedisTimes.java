package io.mantle.vault.redis;

import java.time.Duration;

/**
 * How long a store waits for Redis.
 *
 * @param commandTimeout for the answer to one question
 * @param connectTimeout for a connection
 * @param breakerOpen for how long nobody is asked after too many questions failed
 */
public record RedisTimes(Duration commandTimeout, Duration connectTimeout, Duration breakerOpen) {
  /** 250 ms, 1 s, 1 s. */
  public static final RedisTimes STANDARD =
      new RedisTimes(Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(1));
}
