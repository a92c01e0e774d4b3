package io.mantle.extproc.limit;

import io.mantle.vault.redis.RedisAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Where limits are counted. Immutable.
 *
 * @param redis empty where this server counts alone
 * @param timeout how long a request waits for Redis before this server judges alone
 * @param replicas among how many servers a limit is parted while Redis is away
 */
public record LimitSettings(Optional<RedisAddress> redis, Duration timeout, int replicas) {

  /** Opens what counts them. */
  public Limiter open() {
    return redis.isPresent()
        ? new RedisLimiter(redis.get(), timeout, replicas)
        : new LocalLimiter(1, System::nanoTime);
  }
}
