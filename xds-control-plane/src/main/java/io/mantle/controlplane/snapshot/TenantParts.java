package io.mantle.controlplane.snapshot;

import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.mantle.proto.policy.v1.TenantPolicy;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePSet;
import org.pcollections.PSet;

/**
 * The parts of all tenants, and the snapshot they make together. To change one tenant costs what is
 * that tenant's, however many there are. Not thread-safe.
 */
final class TenantParts {
  private final Map<String, TenantSnapshot> byTenant = new HashMap<>();
  private final Map<String, Integer> clusterUses = new HashMap<>();
  private final VersionedSet.Draft<Resource> clusters = new VersionedSet.Draft<>();
  private final VersionedSet.Draft<Resource> scopes = new VersionedSet.Draft<>();
  private final VersionedSet.Draft<TenantPolicy> policies = new VersionedSet.Draft<>();
  private final VersionedSet<Resource> listeners;
  private PSet<String> unknown = HashTreePSet.empty();

  /**
   * No tenant.
   *
   * @param extProc the cluster that every tenant needs
   */
  TenantParts(Versioned<Resource> extProc, VersionedSet<Resource> listeners) {
    this.listeners = listeners;
    clusters.put(extProc);
  }

  /** A tenant's part, or null where it has none. */
  @Nullable TenantSnapshot of(String tenantId) {
    return byTenant.get(tenantId);
  }

  Set<String> tenantIds() {
    return Collections.unmodifiableSet(byTenant.keySet());
  }

  void put(String tenantId, TenantSnapshot part) {
    TenantSnapshot before = byTenant.put(tenantId, part);
    part.clusters()
        .forEach(
            (name, cluster) -> {
              clusterUses.merge(name, 1, Integer::sum);
              clusters.put(cluster);
            });
    if (before != null) {
      release(before);
    }
    scopes.put(part.scope());
    policies.put(part.policy());
    unknown = unknown.minus(tenantId);
  }

  /**
   * A tenant that has no part, for what it had is not known: peers keep what they hold of it.
   *
   * @param keeps tells the sidecars so
   */
  void putUnknown(String tenantId, Versioned<TenantPolicy> keeps) {
    policies.put(keeps);
    unknown = unknown.plus(tenantId);
  }

  void remove(String tenantId) {
    TenantSnapshot before = byTenant.remove(tenantId);
    if (before != null) {
      release(before);
    }
    scopes.remove(tenantId);
    policies.remove(tenantId);
    unknown = unknown.minus(tenantId);
  }

  private void release(TenantSnapshot part) {
    for (String name : part.clusters().keySet()) {
      if (clusterUses.merge(name, -1, (uses, less) -> uses == 1 ? null : uses + less) == null) {
        clusters.remove(name);
      }
    }
  }

  /** Whether the next snapshot would differ from the last one. */
  boolean haveChanged() {
    return clusters.hasChanged() || scopes.hasChanged() || policies.hasChanged();
  }

  /**
   * All of it.
   *
   * @param changedAtNanos when word came of the first change since the last snapshot
   */
  Snapshot snapshot(long changedAtNanos) {
    return new Snapshot(
        clusters.finish(), listeners, scopes.finish(), policies.finish(), unknown, changedAtNanos);
  }
}
