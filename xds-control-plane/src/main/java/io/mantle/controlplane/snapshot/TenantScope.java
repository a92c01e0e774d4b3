package io.mantle.controlplane.snapshot;

import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;
import java.util.Map;

/**
 * A tenant's routes: one per provider, taken only where ext_proc named that provider in a header no
 * client can set. Whatever else arrives here was not approved by ext_proc and is refused.
 */
final class TenantScope {
  /** What Envoy adds or lets pass that is none of a provider's business. */
  private static final List<String> REQUEST_HEADERS_REMOVED =
      List.of(
          GatewayListener.TENANT_HEADER,
          GatewayListener.ROUTE_HEADER,
          LocalLimits.STEP_HEADER,
          "x-forwarded-for",
          "x-forwarded-proto",
          "x-request-id",
          "x-envoy-external-address",
          "x-envoy-internal",
          "x-envoy-expected-rq-timeout-ms",
          "x-envoy-attempt-count",
          "x-envoy-original-path",
          "x-envoy-decorator-operation",
          "user-agent",
          "cookie");

  private TenantScope() {}

  /**
   * The scope.
   *
   * @param endpoints by provider id, in a fixed order
   */
  static ScopedRouteConfiguration build(
      String tenantId, Map<String, ProviderEndpoint> endpoints, GatewaySettings settings) {
    VirtualHost.Builder host =
        VirtualHost.newBuilder()
            .setName(tenantId)
            .addDomains("*")
            .addAllRequestHeadersToRemove(REQUEST_HEADERS_REMOVED)
            // A provider that sets it would make Envoy skip ext_proc for its answer.
            .addResponseHeadersToRemove(LocalReplies.MARKER_HEADER);
    endpoints.forEach(
        (providerId, endpoint) -> host.addRoutes(toProvider(providerId, endpoint, settings)));
    host.addRoutes(refuse());
    return ScopedRouteConfiguration.newBuilder()
        .setName(tenantId)
        .setKey(
            ScopedRouteConfiguration.Key.newBuilder()
                .addFragments(
                    ScopedRouteConfiguration.Key.Fragment.newBuilder().setStringKey(tenantId)))
        .setRouteConfiguration(
            RouteConfiguration.newBuilder().setName(tenantId).addVirtualHosts(host))
        .build();
  }

  private static Route toProvider(
      String providerId, ProviderEndpoint endpoint, GatewaySettings settings) {
    return Route.newBuilder()
        .setName(providerId)
        .setMatch(
            RouteMatch.newBuilder()
                .setPrefix("/")
                .addHeaders(
                    HeaderMatcher.newBuilder()
                        .setName(GatewayListener.ROUTE_HEADER)
                        .setStringMatch(StringMatcher.newBuilder().setExact(providerId))))
        .setRoute(
            RouteAction.newBuilder()
                .setCluster(endpoint.clusterName())
                .setTimeout(Durations.ZERO) // Envoy's default of 15 s ends long answers
                .setIdleTimeout(Durations.fromMillis(settings.streamIdleTimeout().toMillis()))
                .setHostRewriteLiteral(endpoint.authority())
                .setRetryPolicy(firstByte(settings)))
        .build();
  }

  /** No retry: a try's own timeout ends when its answer begins, which is what is wanted. */
  private static RetryPolicy firstByte(GatewaySettings settings) {
    return RetryPolicy.newBuilder()
        .setNumRetries(UInt32Value.of(0))
        .setPerTryTimeout(Durations.fromMillis(settings.firstByteTimeout().toMillis()))
        .build();
  }

  private static Route refuse() {
    return Route.newBuilder()
        .setName("refuse")
        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
        .setDirectResponse(DirectResponseAction.newBuilder().setStatus(503))
        .build();
  }
}
