package io.mantle.vault.redis;

import org.junit.jupiter.api.condition.EnabledIf;

/** The same on two nodes of the official Redis. */
@EnabledIf(
    value = "io.mantle.vault.redis.RedisContainer#engineAnswers",
    disabledReason = "no container engine answers")
final class RedisClusterContainerIT extends RedisClusterIT {
  @Override
  Redis node(String name) throws Exception {
    return RedisContainer.start("--cluster-enabled", "yes");
  }
}
