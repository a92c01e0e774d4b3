package io.mantle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** Reads the control plane's {@code /api/v1/envoy/status}. */
final class EnvoyStatus {
  /** What Envoy must hold before a request finds its way. */
  private static final List<String> TYPES = List.of("cluster", "listener", "scoped_route");

  private EnvoyStatus() {}

  /** Empty when the Envoy named {@code nodeId} has acknowledged a snapshot; else why not. */
  static Optional<String> whyNotAcked(JsonNode status, String nodeId) {
    for (JsonNode envoy : status.path("envoys")) {
      if (envoy.path("node_id").asText().equals(nodeId)) {
        JsonNode nack = envoy.path("last_nack");
        if (TYPES.stream().allMatch(envoy.path("acked_versions")::has)) {
          return Optional.empty();
        }
        return Optional.of(
            nack.isObject()
                ? "Envoy refused it: " + nack.path("reason").asText()
                : "not yet acknowledged");
      }
    }
    return Optional.of("Envoy has not asked for it yet");
  }
}
