package io.mantle.controlplane.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.snapshot.FailingTenant;
import io.mantle.controlplane.xds.PeerStatus;
import io.mantle.controlplane.xds.Peers;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What became of what was published: which Envoy and which sidecar holds which version, what they
 * refused, and the tenants that cannot be published.
 */
public final class EnvoyStatusResource {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FAILING_TENANTS_MAX = 100;

  private final Peers envoys;
  private final Peers sidecars;
  private final Supplier<Collection<FailingTenant>> failing;

  /**
   * It answers from these.
   *
   * @param failing by id
   */
  public EnvoyStatusResource(
      Peers envoys, Peers sidecars, Supplier<Collection<FailingTenant>> failing) {
    this.envoys = envoys;
    this.sidecars = sidecars;
    this.failing = failing;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.ENVOY_STATUS.route(), this::status);
  }

  private void status(Context context) throws JsonProcessingException {
    Collection<FailingTenant> all = failing.get();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("envoys", peers(envoys));
    status.put("sidecars", peers(sidecars));
    status.put(
        "failing_tenants",
        all.stream().limit(FAILING_TENANTS_MAX).map(EnvoyStatusResource::tenant).toList());
    status.put("failing_tenants_total", all.size());
    context.contentType("application/json").result(JSON.writeValueAsString(status));
  }

  private static List<Map<String, @Nullable Object>> peers(Peers peers) {
    return peers.statuses().stream().map(EnvoyStatusResource::peer).toList();
  }

  private static Map<String, @Nullable Object> peer(PeerStatus status) {
    Map<String, @Nullable Object> peer = new LinkedHashMap<>();
    peer.put("node_id", status.nodeId());
    peer.put("connected", status.connected());
    peer.put("connected_at", status.connectedAt().toString());
    peer.put("acked_versions", status.ackedVersions());
    peer.put("time_to_effect_ms", status.timeToEffectMillis().orElse(null));
    peer.put(
        "last_nack",
        status
            .lastRejection()
            .map(
                nack ->
                    Map.of(
                        "type", nack.kind(), "reason", nack.reason(), "at", nack.at().toString()))
            .orElse(null));
    peer.put("refused", status.refused());
    return peer;
  }

  private static Map<String, Object> tenant(FailingTenant tenant) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("tenant", tenant.tenantId());
    shown.put("reason", tenant.reason());
    shown.put("since", tenant.since().toString());
    shown.put("in_force", tenant.keepsLastGood() ? "last_good" : "as_held");
    return shown;
  }
}
