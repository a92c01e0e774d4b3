package io.mantle.vault.redis;

import org.junit.jupiter.api.condition.EnabledIf;

/** The same on two nodes of the official Redis. */
@EnabledIf(
    value = "io.mantle.testing.RedisContainer#engineAnswers",
    disabledReason = "no container engine answers")
final class RedisClusterContainerIT extends RedisClusterIT {
  @Override
  Redis node(String name) throws Exception {
    return ContainerRedis.start("--cluster-enabled", "yes");
  }
}
