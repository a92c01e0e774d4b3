package io.mantle.extproc.limit;

import io.mantle.testing.RedisContainer;
import io.mantle.testing.RedisNode;
import org.junit.jupiter.api.condition.EnabledIf;

/** The same on the official Redis. */
@EnabledIf(
    value = "io.mantle.testing.RedisContainer#engineAnswers",
    disabledReason = "no container engine answers")
final class RedisLimiterContainerIT extends RedisLimiterIT {
  @Override
  RedisNode newRedis() throws Exception {
    return RedisContainer.start();
  }
}
