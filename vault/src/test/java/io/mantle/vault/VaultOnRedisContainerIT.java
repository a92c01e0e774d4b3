package io.mantle.vault;

import io.mantle.vault.redis.Redis;
import io.mantle.vault.redis.RedisContainer;
import org.junit.jupiter.api.condition.EnabledIf;

/** The same on the official Redis. */
@EnabledIf(
    value = "io.mantle.vault.redis.RedisContainer#engineAnswers",
    disabledReason = "no container engine answers")
final class VaultOnRedisContainerIT extends VaultOnRedisIT {
  @Override
  Redis newRedis() throws Exception {
    return RedisContainer.start();
  }
}
