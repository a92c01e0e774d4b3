package io.mantle.gateway;

import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIf;

/** The same on the official Envoy. */
@EnabledIf(
    value = "io.mantle.gateway.EnvoyContainer#engineAnswers",
    disabledReason = "no container engine answers")
final class StaticEnvoyContainerIT extends StaticEnvoyIT {
  @Override
  GatewayStack newGateway(
      TestDatabase database, GatewayStack.ExtProc extProc, Map<String, String> settings)
      throws Exception {
    return GatewayStack.startBehindStaticEnvoyInContainer(database, extProc, settings);
  }
}
