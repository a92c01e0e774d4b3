package io.mantle.controlplane.xds;

import io.mantle.controlplane.snapshot.Snapshot;
import io.mantle.controlplane.snapshot.Snapshots;
import io.mantle.controlplane.snapshot.VersionedSet;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Function;

/**
 * Which version of each kind of resource is published, and how many peers do not hold it yet. One
 * series a kind: a version is a gauge's value and in no label, which would be a series for each.
 */
final class VersionMeters {
  /** As many bits as a sample's 64-bit float holds exactly, less some. */
  private static final int VERSION_BITS = 48;

  private VersionMeters() {}

  static void register(MeterRegistry meters, Snapshots snapshots, Peers envoys, Peers sidecars) {
    for (AdsType type : AdsType.values()) {
      register(meters, snapshots, envoys, type.shortName(), type::in);
    }
    register(meters, snapshots, sidecars, PolicyStreamService.KIND, Snapshot::policies);
  }

  private static void register(
      MeterRegistry meters,
      Snapshots snapshots,
      Peers peers,
      String kind,
      Function<Snapshot, VersionedSet<?>> ofKind) {
    Gauge.builder(
            "mantle.published.version",
            () -> snapshots.latest().map(ofKind).map(VersionMeters::number).orElse(0L))
        .tag("kind", kind)
        .description("The first 48 bits of the version that is published, as a number")
        .register(meters);
    Gauge.builder(
            "mantle.peers.behind",
            () ->
                snapshots
                    .latest()
                    .map(ofKind)
                    .map(published -> peers.behindCount(kind, published.version()))
                    .orElse(0))
        .tag("sort", peers.sort())
        .tag("kind", kind)
        .description("Peers with an open stream that do not hold all of the version published")
        .register(meters);
  }

  private static long number(VersionedSet<?> published) {
    return published.digest() >>> (Long.SIZE - VERSION_BITS);
  }
}
