package io.mantle.controlplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import org.junit.jupiter.api.Test;

final class GatewayListenerTest {
  @Test
  void accessLog_ofTheListener_holdsNothingThatAClientWrites() throws Exception {
    Listener listener = GatewayListener.build(TestSettings.of(false, true));
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
    assertThat(manager(GatewayListener.build(TestSettings.of(false, false))).getAccessLogCount())
        .isZero();
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
