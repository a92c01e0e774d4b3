package io.mantle.controlplane.xds;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of one Envoy or sidecar.
 *
 * @param nodeId what it calls itself
 * @param connected whether a stream of it is open now
 * @param ackedVersions kind of resource to the version of the whole that it took last
 * @param lastRejection what it refused last
 * @param refused kind of resource to the names of those that it refuses as they are now, up to
 *     {@value Peers#REFUSED_NAMES_MAX} of each
 * @param timeToEffectMillis from word of the latest change to its acknowledgement
 */
public record PeerStatus(
    String nodeId,
    boolean connected,
    Instant connectedAt,
    Map<String, String> ackedVersions,
    Optional<Rejection> lastRejection,
    Map<String, List<String>> refused,
    Optional<Double> timeToEffectMillis) {

  /**
   * A refusal.
   *
   * @param kind of resource
   * @param reason in the peer's words, shortened
   */
  public record Rejection(String kind, String reason, Instant at) {}
}
