package io.mantle.controlplane.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;

/** What Envoy connects to besides providers: its ext_proc server. */
final class Clusters {
  static final String EXT_PROC = "ext_proc";

  /** The namespace of all metadata that is ours. */
  static final String METADATA = "mantle";

  /** Every exchange holds one request for its whole life. */
  private static final int EXCHANGES_MAX = 100_000;

  private Clusters() {}

  static Cluster extProc(GatewaySettings settings) {
    HttpProtocolOptions http2 =
        HttpProtocolOptions.newBuilder()
            .setExplicitHttpConfig(
                ExplicitHttpConfig.newBuilder()
                    .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()))
            .build();
    Address socket =
        Address.newBuilder()
            .setPipe(Pipe.newBuilder().setPath(settings.extProcSocket().toString()))
            .build();
    return Cluster.newBuilder()
        .setName(EXT_PROC)
        .setType(Cluster.DiscoveryType.STATIC)
        .setConnectTimeout(Durations.fromSeconds(1))
        .setCircuitBreakers(circuitBreakers())
        .putTypedExtensionProtocolOptions(
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Any.pack(http2))
        .setLoadAssignment(
            ClusterLoadAssignment.newBuilder()
                .setClusterName(EXT_PROC)
                .addEndpoints(
                    LocalityLbEndpoints.newBuilder()
                        .addLbEndpoints(
                            LbEndpoint.newBuilder()
                                .setEndpoint(Endpoint.newBuilder().setAddress(socket)))))
        .build();
  }

  /** Envoy's own limits are 1,024, and 3 for retries at one time. */
  static CircuitBreakers circuitBreakers() {
    UInt32Value max = UInt32Value.of(EXCHANGES_MAX);
    return CircuitBreakers.newBuilder()
        .addThresholds(
            CircuitBreakers.Thresholds.newBuilder()
                .setMaxConnections(max)
                .setMaxPendingRequests(max)
                .setMaxRequests(max)
                .setMaxRetries(max))
        .build();
  }
}
