package io.mantle.vault.redis;

import org.junit.jupiter.api.condition.EnabledIf;

/** The same on the official Redis. */
@EnabledIf(
    value = "io.mantle.testing.RedisContainer#engineAnswers",
    disabledReason = "no container engine answers")
final class RedisStoreContainerIT extends RedisStoreIT {
  @Override
  Redis newRedis() throws Exception {
    return ContainerRedis.start();
  }
}
