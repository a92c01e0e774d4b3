package io.mantle.vault;

import io.mantle.vault.redis.ContainerRedis;
import io.mantle.vault.redis.Redis;
import org.junit.jupiter.api.condition.EnabledIf;

/** The same on the official Redis. */
@EnabledIf(
    value = "io.mantle.testing.RedisContainer#engineAnswers",
    disabledReason = "no container engine answers")
final class VaultOnRedisContainerIT extends VaultOnRedisIT {
  @Override
  Redis newRedis() throws Exception {
    return ContainerRedis.start();
  }
}
