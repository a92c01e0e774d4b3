package io.mantle.controlplane.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
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
import io.envoyproxy.envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;
import java.util.Map;

/**
 * A tenant's routes: one per {@link Chain}, taken only where ext_proc named that chain in a header
 * no client can set. Whatever else arrives here was not approved by ext_proc and is refused.
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

  /** What is the same for every tenant. */
  private static final VirtualHost HOST =
      VirtualHost.newBuilder()
          .addDomains("*")
          .addAllRequestHeadersToRemove(REQUEST_HEADERS_REMOVED)
          // A provider that sets it would make Envoy skip ext_proc for its answer.
          .addResponseHeadersToRemove(LocalReplies.MARKER_HEADER)
          .build();

  private static final Route REFUSE =
      Route.newBuilder()
          .setName("refuse")
          .setMatch(RouteMatch.newBuilder().setPrefix("/"))
          .setDirectResponse(DirectResponseAction.newBuilder().setStatus(503))
          .build();

  private TenantScope() {}

  /** The scope; {@code chains} by name, in a fixed order. */
  static ScopedRouteConfiguration build(
      String tenantId, Map<String, Chain> chains, GatewaySettings settings) {
    VirtualHost.Builder host = HOST.toBuilder().setName(tenantId);
    chains.forEach((name, chain) -> host.addRoutes(to(name, chain, settings)));
    host.addRoutes(REFUSE);
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

  private static Route to(String name, Chain chain, GatewaySettings settings) {
    return Route.newBuilder()
        .setName(name)
        .setMatch(
            RouteMatch.newBuilder()
                .setPrefix("/")
                .addHeaders(
                    HeaderMatcher.newBuilder()
                        .setName(GatewayListener.ROUTE_HEADER)
                        .setStringMatch(StringMatcher.newBuilder().setExact(name))))
        .setRoute(
            RouteAction.newBuilder()
                .setCluster(name)
                .setTimeout(Durations.ZERO) // Envoy's default of 15 s ends long answers
                .setIdleTimeout(Durations.fromMillis(settings.streamIdleTimeout().toMillis()))
                .setAutoHostRewrite(BoolValue.of(true))
                .setRetryPolicy(attempts(chain, settings)))
        .build();
  }

  /**
   * One attempt at each endpoint, unless ext_proc names another number or another timeout in
   * Envoy's own headers. An attempt's timeout ends when its answer begins, and no answer that has
   * begun is tried again.
   */
  private static RetryPolicy attempts(Chain chain, GatewaySettings settings) {
    RetryPolicy.Builder policy =
        RetryPolicy.newBuilder()
            .setRetryOn("connect-failure,refused-stream,5xx,retriable-status-codes")
            .addRetriableStatusCodes(429)
            .setNumRetries(UInt32Value.of(chain.endpoints().size() - 1))
            .setPerTryTimeout(Durations.fromMillis(settings.firstByteTimeout().toMillis()));
    if (chain.hasAlternatives()) {
      policy.setRetryPriority(
          RetryPolicy.RetryPriority.newBuilder()
              .setName("envoy.retry_priorities.previous_priorities")
              .setTypedConfig(
                  Any.pack(PreviousPrioritiesConfig.newBuilder().setUpdateFrequency(1).build())));
    }
    return policy.build();
  }
}
