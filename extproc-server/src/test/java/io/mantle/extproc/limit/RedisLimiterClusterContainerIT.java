package io.mantle.extproc.limit;

import io.mantle.testing.RedisContainer;
import io.mantle.testing.RedisNode;
import org.junit.jupiter.api.condition.EnabledIf;

/** The same on two nodes of the official Redis. */
@EnabledIf(
    value = "io.mantle.testing.RedisContainer#engineAnswers",
    disabledReason = "no container engine answers")
final class RedisLimiterClusterContainerIT extends RedisLimiterClusterIT {
  @Override
  RedisNode node(String name) throws Exception {
    return RedisContainer.start("--cluster-enabled", "yes");
  }
}
