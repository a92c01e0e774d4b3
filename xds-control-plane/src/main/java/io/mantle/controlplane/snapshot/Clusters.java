package io.mantle.controlplane.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher.SanType;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.AutoHttpConfig;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.v3.Percent;

/** What Envoy connects to: its ext_proc server, and each provider's endpoint once. */
final class Clusters {
  static final String EXT_PROC = "ext_proc";

  /** Every exchange holds one request for its whole life; Envoy's own limit is 1,024. */
  private static final int EXCHANGES_MAX = 100_000;

  private static final int FAILURES_BEFORE_EJECTION = 5;
  private static final int EJECTION_SECONDS = 30;

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
        .setLoadAssignment(assignment(EXT_PROC, socket))
        .build();
  }

  static Cluster provider(ProviderEndpoint endpoint, GatewaySettings settings) {
    Address address =
        Address.newBuilder()
            .setSocketAddress(
                SocketAddress.newBuilder()
                    .setAddress(endpoint.host())
                    .setPortValue(endpoint.port()))
            .build();
    Cluster.Builder cluster =
        Cluster.newBuilder()
            .setName(endpoint.clusterName())
            .setType(
                endpoint.isAddress()
                    ? Cluster.DiscoveryType.STATIC
                    : Cluster.DiscoveryType.STRICT_DNS)
            .setDnsLookupFamily(Cluster.DnsLookupFamily.V4_PREFERRED)
            .setConnectTimeout(Durations.fromSeconds(3))
            .setCircuitBreakers(circuitBreakers())
            .setOutlierDetection(
                OutlierDetection.newBuilder()
                    .setConsecutive5Xx(UInt32Value.of(FAILURES_BEFORE_EJECTION))
                    .setBaseEjectionTime(Durations.fromSeconds(EJECTION_SECONDS))
                    .setMaxEjectionPercent(UInt32Value.of(100)))
            // Below the panic threshold Envoy would send to ejected hosts again.
            .setCommonLbConfig(
                Cluster.CommonLbConfig.newBuilder()
                    .setHealthyPanicThreshold(Percent.getDefaultInstance()))
            .setLoadAssignment(assignment(endpoint.clusterName(), address))
            .putTypedExtensionProtocolOptions(
                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                Any.pack(endpoint.secure() ? http1Or2() : http1()));
    if (endpoint.secure()) {
      cluster.setTransportSocket(tls(endpoint, settings));
    }
    return cluster.build();
  }

  private static HttpProtocolOptions http1() {
    return HttpProtocolOptions.newBuilder()
        .setExplicitHttpConfig(
            ExplicitHttpConfig.newBuilder()
                .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance()))
        .build();
  }

  /** Whichever the provider chooses in the TLS handshake. */
  private static HttpProtocolOptions http1Or2() {
    return HttpProtocolOptions.newBuilder()
        .setAutoConfig(
            AutoHttpConfig.newBuilder()
                .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance())
                .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()))
        .build();
  }

  private static TransportSocket tls(ProviderEndpoint endpoint, GatewaySettings settings) {
    SubjectAltNameMatcher name =
        SubjectAltNameMatcher.newBuilder()
            .setSanType(endpoint.isAddress() ? SanType.IP_ADDRESS : SanType.DNS)
            .setMatcher(StringMatcher.newBuilder().setExact(endpoint.host()))
            .build();
    UpstreamTlsContext.Builder context =
        UpstreamTlsContext.newBuilder()
            .setCommonTlsContext(
                CommonTlsContext.newBuilder()
                    .setValidationContext(
                        CertificateValidationContext.newBuilder()
                            .setTrustedCa(
                                DataSource.newBuilder()
                                    .setFilename(settings.upstreamCaFile().toString()))
                            .addMatchTypedSubjectAltNames(name)));
    if (!endpoint.isAddress()) {
      context.setSni(endpoint.host());
    }
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.tls")
        .setTypedConfig(Any.pack((Message) context.build()))
        .build();
  }

  private static CircuitBreakers circuitBreakers() {
    UInt32Value max = UInt32Value.of(EXCHANGES_MAX);
    return CircuitBreakers.newBuilder()
        .addThresholds(
            CircuitBreakers.Thresholds.newBuilder()
                .setMaxConnections(max)
                .setMaxPendingRequests(max)
                .setMaxRequests(max))
        .build();
  }

  private static ClusterLoadAssignment assignment(String clusterName, Address address) {
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(clusterName)
        .addEndpoints(
            LocalityLbEndpoints.newBuilder()
                .addLbEndpoints(
                    LbEndpoint.newBuilder().setEndpoint(Endpoint.newBuilder().setAddress(address))))
        .build();
  }
}
