package io.mantle.controlplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ChainTest {
  @Test
  void cluster_ofAChain_hasEachEndpointAsAPriorityWithItsOwnNameAndTls() throws Exception {
    Cluster cluster =
        ProviderClusters.build(
            chain("https://one.example.com", "http://10.0.0.7:8000"), TestSettings.STANDARD);

    assertThat(cluster.getName()).isEqualTo("https://one.example.com:443,http://10.0.0.7:8000");
    assertThat(cluster.getLoadAssignment().getEndpointsList())
        .extracting(LocalityLbEndpoints::getPriority)
        .containsExactly(0, 1);
    assertThat(
            cluster
                .getLoadAssignment()
                .getEndpoints(0)
                .getLbEndpoints(0)
                .getEndpoint()
                .getHostname())
        .isEqualTo("one.example.com");
    assertThat(cluster.getTransportSocketMatchesList())
        .extracting(match -> match.getMatch().getFieldsOrThrow("endpoint").getStringValue())
        .containsExactly("https://one.example.com:443", "http://10.0.0.7:8000");
    UpstreamTlsContext tls =
        cluster
            .getTransportSocketMatches(0)
            .getTransportSocket()
            .getTypedConfig()
            .unpack(UpstreamTlsContext.class);
    assertThat(tls.getSni()).isEqualTo("one.example.com");
    assertThat(
            tls.getCommonTlsContext()
                .getValidationContext()
                .getMatchTypedSubjectAltNames(0)
                .getMatcher()
                .getExact())
        .isEqualTo("one.example.com");
    assertThat(cluster.getCircuitBreakers().getThresholds(0).getMaxRetries().getValue())
        .as("Envoy allows three retries at one time where nothing is said")
        .isGreaterThan(10_000);
  }

  @Test
  void filters_ofAnAttempt_standInTheOrderThatKeepsCredentialsApart() throws Exception {
    assertThat(filters(chain("https://one.example.com", "https://two.example.com")))
        .containsExactly(
            "address_guard",
            "attempt_begins",
            "attempt",
            "attempt_ready",
            "envoy.filters.http.upstream_codec");
    assertThat(filters(chain("https://one.example.com")))
        .containsExactly("address_guard", "envoy.filters.http.upstream_codec");
    assertThat(filters(chain("http://10.0.0.7:8000"))).as("it says where it leads").isEmpty();
    assertThat(filters(chain("http://vllm.local"))).isEmpty();
  }

  @Test
  void endpoint_allowedToLeadAnywhere_isAnotherThanTheSameWithout() throws Exception {
    ProviderEndpoint plain = ProviderEndpoint.parse("https://llm.corp.example.com");
    ProviderEndpoint allowed = plain.allowingPrivate();

    assertThat(allowed.clusterName()).isNotEqualTo(plain.clusterName());
    assertThat(filters(new Chain(List.of(allowed)))).isEmpty();
    assertThat(ProviderEndpoint.parse("http://10.0.0.7").allowingPrivate().clusterName())
        .isEqualTo("http://10.0.0.7:80");
  }

  @Test
  void route_ofAChain_triesEachEndpointOnce() throws Exception {
    Chain chain = chain("http://10.0.0.7:8000", "http://10.0.0.8:8000");

    Route route =
        TenantScope.build("acme", Map.of(chain.name(), chain), TestSettings.STANDARD)
            .getRouteConfiguration()
            .getVirtualHosts(0)
            .getRoutes(0);

    RetryPolicy retries = route.getRoute().getRetryPolicy();
    assertThat(route.getMatch().getHeaders(0).getStringMatch().getExact()).isEqualTo(chain.name());
    assertThat(retries.getNumRetries().getValue()).isEqualTo(1);
    assertThat(retries.getRetriableStatusCodesList()).containsExactly(429);
    assertThat(retries.getRetryPriority().getName())
        .isEqualTo("envoy.retry_priorities.previous_priorities");
  }

  private static Chain chain(String... urls) throws InvalidTenantException {
    List<ProviderEndpoint> endpoints = new ArrayList<>();
    for (String url : urls) {
      endpoints.add(ProviderEndpoint.parse(url));
    }
    return new Chain(endpoints);
  }

  private static Stream<String> filters(Chain chain) throws Exception {
    return ProviderClusters.build(chain, TestSettings.STANDARD)
        .getTypedExtensionProtocolOptionsOrThrow(
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions")
        .unpack(HttpProtocolOptions.class)
        .getHttpFiltersList()
        .stream()
        .map(HttpFilter::getName);
  }
}
