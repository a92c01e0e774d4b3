package io.mantle.controlplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GatewayListenerTest {
  private static final GatewaySettings SETTINGS =
      new GatewaySettings(
          "127.0.0.1",
          8080,
          Path.of("/run/mantle/extproc.sock"),
          1 << 25,
          Duration.ofSeconds(5),
          Duration.ofSeconds(300),
          Duration.ofSeconds(120),
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          false,
          Optional.empty(),
          new GatewaySettings.Flood(20_000, 5_000));

  /** A query string or a header of a client's may hold anything. */
  @Test
  void listener_writesNoAccessLogAndTracesNothing() throws InvalidProtocolBufferException {
    Listener listener = GatewayListener.build(SETTINGS);
    HttpConnectionManager manager =
        listener
            .getFilterChains(0)
            .getFilters(0)
            .getTypedConfig()
            .unpack(HttpConnectionManager.class);
    assertThat(listener.getAccessLogCount()).isZero();
    assertThat(manager.getAccessLogCount()).isZero();
    assertThat(manager.hasTracing()).isFalse();
  }
}
