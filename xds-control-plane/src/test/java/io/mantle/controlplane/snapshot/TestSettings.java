package io.mantle.controlplane.snapshot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A gateway's settings: the defaults, for what needs no server. */
final class TestSettings {
  static final GatewaySettings STANDARD = of(false, true);

  private TestSettings() {}

  static GatewaySettings of(boolean deepTier, boolean accessLog) {
    return new GatewaySettings(
        "127.0.0.1",
        8080,
        Path.of("/run/mantle/extproc.sock"),
        1 << 25,
        Duration.ofSeconds(5),
        Duration.ofSeconds(300),
        Duration.ofSeconds(120),
        Path.of("/etc/ssl/certs/ca-certificates.crt"),
        deepTier,
        Optional.empty(),
        new GatewaySettings.Flood(20_000, 5_000),
        accessLog);
  }
}
