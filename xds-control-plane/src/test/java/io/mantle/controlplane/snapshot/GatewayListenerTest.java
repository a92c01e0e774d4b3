package io.mantle.controlplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GatewayListenerTest {
  private static GatewaySettings settings(boolean accessLog) {
    return new GatewaySettings(
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
        new GatewaySettings.Flood(20_000, 5_000),
        accessLog);
  }

  @Test
  void accessLog_ofTheListener_holdsNothingThatAClientWrites() throws Exception {
    Listener listener = GatewayListener.build(settings(true));
    HttpConnectionManager manager = manager(listener);
    assertThat(listener.getAccessLogCount()).isZero();
    assertThat(manager.getAccessLogCount()).isEqualTo(1);
    assertThat(manager.hasTracing()).isFalse();
    String line = manager.getAccessLog(0).getTypedConfig().unpack(StdoutAccessLog.class).toString();
    // The one header of an answer is ext_proc's own.
    assertThat(line.replace("%RESP(X-MANTLE-PROVIDER)%", ""))
        .contains("%DYNAMIC_METADATA(mantle:log:path)%")
        .doesNotContain("%REQ(", "%RESP(", "PATH(", "ADDRESS", "HOST", "QUERY", "TRAILER", "PEER");
  }

  @Test
  void accessLog_turnedOff_isNotThere() throws Exception {
    assertThat(manager(GatewayListener.build(settings(false))).getAccessLogCount()).isZero();
  }

  private static HttpConnectionManager manager(Listener listener)
      throws InvalidProtocolBufferException {
    return listener
        .getFilterChains(0)
        .getFilters(0)
        .getTypedConfig()
        .unpack(HttpConnectionManager.class);
  }
}
