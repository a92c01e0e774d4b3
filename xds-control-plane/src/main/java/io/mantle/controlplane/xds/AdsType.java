package io.mantle.controlplane.xds;

import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.mantle.controlplane.snapshot.Snapshot;
import io.mantle.controlplane.snapshot.VersionedSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The types of resource that Envoys are sent. */
enum AdsType {
  CLUSTER("cluster", "type.googleapis.com/envoy.config.cluster.v3.Cluster"),
  LISTENER("listener", "type.googleapis.com/envoy.config.listener.v3.Listener"),
  SCOPED_ROUTE(
      "scoped_route", "type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration");

  private final String shortName;
  private final String url;

  AdsType(String shortName, String url) {
    this.shortName = shortName;
    this.url = url;
  }

  /** The type of a URL, null where it is one that nothing is published of. */
  static @Nullable AdsType of(String url) {
    for (AdsType type : values()) {
      if (type.url.equals(url)) {
        return type;
      }
    }
    return null;
  }

  String shortName() {
    return shortName;
  }

  String url() {
    return url;
  }

  VersionedSet<Resource> in(Snapshot snapshot) {
    return switch (this) {
      case CLUSTER -> snapshot.clusters();
      case LISTENER -> snapshot.listeners();
      case SCOPED_ROUTE -> snapshot.scopes();
    };
  }

  /**
   * What an Envoy may go on holding though it is not in the snapshot: the scopes of tenants of
   * which it is not known what was published last, and any cluster while there is such a tenant,
   * for its scope may lead there.
   */
  Predicate<String> keptIn(Snapshot snapshot) {
    Set<String> unknown = snapshot.unknownTenants();
    if (unknown.isEmpty()) {
      return DeltaCursor.NOTHING_KEPT;
    }
    return switch (this) {
      case CLUSTER -> _ -> true;
      case LISTENER -> DeltaCursor.NOTHING_KEPT;
      case SCOPED_ROUTE -> unknown::contains;
    };
  }
}
