package io.mantle.gateway;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Envoy's access log, as the control plane has Envoy write it. */
@ExtendWith(SharedStack.class)
final class AccessLogIT {
  @Test
  void accessLog_ofAnyExchange_hasItsLineAndNothingOfTheClients(GatewayStack gateway)
      throws Exception {
    new AccessLogCheck(gateway).assertLinesAreThereAndHoldNothingPrivate();
  }
}
