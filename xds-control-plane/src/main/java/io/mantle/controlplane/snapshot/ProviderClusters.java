package io.mantle.controlplane.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Values;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.TransportSocketMatch;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What Envoy connects to for a {@link Chain}: one cluster for all tenants that have the same one,
 * in which each endpoint is a priority of its own. It holds nothing of a tenant and no credential.
 */
final class ProviderClusters {
  private static final String SOCKET_MATCH = "envoy.transport_socket_match";
  private static final int FAILURES_BEFORE_EJECTION = 5;
  private static final int EJECTION_SECONDS = 30;

  private ProviderClusters() {}

  static Cluster build(Chain chain, GatewaySettings settings) {
    boolean literal = chain.endpoints().stream().allMatch(ProviderEndpoint::isAddress);
    Cluster.Builder cluster =
        Cluster.newBuilder()
            .setName(chain.name())
            .setType(literal ? Cluster.DiscoveryType.STATIC : Cluster.DiscoveryType.STRICT_DNS)
            .setDnsLookupFamily(Cluster.DnsLookupFamily.V4_PREFERRED)
            .setConnectTimeout(Durations.fromSeconds(3))
            .setCircuitBreakers(Clusters.circuitBreakers())
            .setOutlierDetection(
                OutlierDetection.newBuilder()
                    .setConsecutive5Xx(UInt32Value.of(FAILURES_BEFORE_EJECTION))
                    .setBaseEjectionTime(Durations.fromSeconds(EJECTION_SECONDS))
                    .setMaxEjectionPercent(UInt32Value.of(100)))
            // Below the panic threshold Envoy would send to ejected hosts again.
            .setCommonLbConfig(
                Cluster.CommonLbConfig.newBuilder()
                    .setHealthyPanicThreshold(Percent.getDefaultInstance()))
            .setLoadAssignment(assignment(chain))
            .putTypedExtensionProtocolOptions(
                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                Any.pack(protocol(chain)));
    Map<String, TransportSocket> sockets = new LinkedHashMap<>();
    chain
        .endpoints()
        .forEach(e -> sockets.computeIfAbsent(e.clusterName(), _ -> socket(e, settings)));
    // With matches none of its endpoints needs it, but Envoy wants to know that all can choose.
    cluster.setTransportSocket(sockets.get(secureFirst(chain).clusterName()));
    if (sockets.size() > 1) {
      sockets.forEach(
          (endpoint, socket) ->
              cluster.addTransportSocketMatches(
                  TransportSocketMatch.newBuilder()
                      // Part of the names of Envoy's counters, so without the host.
                      .setName("endpoint_" + cluster.getTransportSocketMatchesCount())
                      .setMatch(Struct.newBuilder().putFields("endpoint", Values.of(endpoint)))
                      .setTransportSocket(socket)));
    }
    return cluster.build();
  }

  private static ProviderEndpoint secureFirst(Chain chain) {
    return chain.endpoints().stream()
        .filter(ProviderEndpoint::secure)
        .findFirst()
        .orElse(chain.endpoints().getFirst());
  }

  private static HttpProtocolOptions protocol(Chain chain) {
    HttpProtocolOptions.Builder protocol = HttpProtocolOptions.newBuilder();
    if (chain.endpoints().stream().allMatch(ProviderEndpoint::secure)) {
      // Whichever the provider chooses in the TLS handshake.
      protocol.setAutoConfig(
          AutoHttpConfig.newBuilder()
              .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance())
              .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()));
    } else {
      protocol.setExplicitHttpConfig(
          ExplicitHttpConfig.newBuilder()
              .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance()));
    }
    return protocol.addAllHttpFilters(UpstreamFilters.of(chain)).build();
  }

  private static ClusterLoadAssignment assignment(Chain chain) {
    ClusterLoadAssignment.Builder assignment =
        ClusterLoadAssignment.newBuilder().setClusterName(chain.name());
    List<ProviderEndpoint> endpoints = chain.endpoints();
    for (int i = 0; i < endpoints.size(); i++) {
      ProviderEndpoint endpoint = endpoints.get(i);
      assignment.addEndpoints(
          LocalityLbEndpoints.newBuilder()
              .setPriority(i)
              .addLbEndpoints(
                  LbEndpoint.newBuilder()
                      .setEndpoint(
                          Endpoint.newBuilder()
                              .setHostname(endpoint.authority()) // what Host is rewritten to
                              .setAddress(address(endpoint)))
                      .setMetadata(metadata(endpoint, i))));
    }
    return assignment.build();
  }

  private static Address address(ProviderEndpoint endpoint) {
    return Address.newBuilder()
        .setSocketAddress(
            SocketAddress.newBuilder().setAddress(endpoint.host()).setPortValue(endpoint.port()))
        .build();
  }

  /** By which the filters of an attempt know whom it goes to. */
  private static Metadata metadata(ProviderEndpoint endpoint, int attempt) {
    return Metadata.newBuilder()
        .putFilterMetadata(
            Clusters.METADATA,
            Struct.newBuilder()
                .putFields("attempt", Values.of(Integer.toString(attempt)))
                .putFields("endpoint", Values.of(endpoint.clusterName()))
                .putFields(AddressGuard.ANYWHERE, Values.of(endpoint.mayLeadAnywhere()))
                .build())
        .putFilterMetadata(
            SOCKET_MATCH,
            Struct.newBuilder().putFields("endpoint", Values.of(endpoint.clusterName())).build())
        .build();
  }

  private static TransportSocket socket(ProviderEndpoint endpoint, GatewaySettings settings) {
    if (!endpoint.secure()) {
      return TransportSocket.newBuilder()
          .setName("envoy.transport_sockets.raw_buffer")
          .setTypedConfig(Any.pack(RawBuffer.getDefaultInstance()))
          .build();
    }
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
}
