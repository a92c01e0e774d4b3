package io.mantle.controlplane.snapshot;

import com.google.common.collect.Lists;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.mantle.controlplane.database.ChangeFeed;
import io.mantle.controlplane.database.PublishedRows;
import io.mantle.controlplane.database.TenantRead;
import io.mantle.controlplane.database.TenantRows;
import io.mantle.proto.policy.v1.TenantPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the snapshot what the rows say: told which tenants changed, it reads those, builds their
 * parts anew and publishes the whole.
 *
 * <p>A tenant whose rows cannot be built keeps the part it last had, less the keys revoked since,
 * and holds up nobody else. Where a tenant's endpoints change, a {@link Handover} says what is
 * published when. Changes come from one thread, that of the {@link ChangeFeed}.
 */
public final class SnapshotPublisher implements ChangeFeed.Follower {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotPublisher.class);
  private static final int TENANTS_PER_READ = 500;

  private final PublishedRows rows;
  private final GatewaySettings settings;
  private final Snapshots snapshots;
  private final Versioned<Resource> extProcCluster;
  private final VersionedSet<Resource> listeners;
  private final AtomicLong failuresTotal = new AtomicLong();
  private final Map<String, Handover> handovers = new HashMap<>();
  private Map<String, TenantSnapshot> parts = new HashMap<>();
  private long latestToldAtNanos;
  private volatile Map<String, String> failing = Map.of();

  public SnapshotPublisher(PublishedRows rows, GatewaySettings settings, Snapshots snapshots) {
    this.rows = rows;
    this.settings = settings;
    this.snapshots = snapshots;
    this.extProcCluster = Versioned.resource(Clusters.EXT_PROC, Clusters.extProc(settings));
    this.listeners =
        VersionedSet.of(
            Map.of(
                GatewayListener.NAME,
                Versioned.resource(GatewayListener.NAME, GatewayListener.build(settings))));
  }

  @Override
  public void everythingChanged() {
    long toldAtNanos = System.nanoTime();
    List<String> ids = rows.tenantIds();
    Map<String, TenantSnapshot> next = new HashMap<>();
    Map<String, String> nextFailing = new HashMap<>();
    for (List<String> some : Lists.partition(ids, TENANTS_PER_READ)) {
      build(rows.read(some), next, nextFailing);
    }
    publish(next, nextFailing, toldAtNanos);
  }

  @Override
  public void tenantsChanged(Set<String> tenantIds) {
    long toldAtNanos = System.nanoTime();
    Map<String, TenantSnapshot> next = new HashMap<>(parts);
    Map<String, String> nextFailing = new HashMap<>(failing);
    next.keySet().removeAll(tenantIds);
    nextFailing.keySet().removeAll(tenantIds);
    for (List<String> some : Lists.partition(new ArrayList<>(tenantIds), TENANTS_PER_READ)) {
      build(rows.read(some), next, nextFailing);
    }
    publish(next, nextFailing, toldAtNanos);
  }

  private void build(
      Collection<TenantRead> reads,
      Map<String, TenantSnapshot> into,
      Map<String, String> failures) {
    for (TenantRead read : reads) {
      try {
        into.put(read.tenantId(), build(read));
      } catch (InvalidTenantException e) {
        String reason = String.valueOf(e.getMessage());
        failures.put(read.tenantId(), reason);
        failuresTotal.incrementAndGet();
        TenantSnapshot lastGood = parts.get(read.tenantId());
        if (lastGood != null) {
          into.put(read.tenantId(), lastGood.retainingKeys(read.keys()));
        }
        LOG.warn(
            "Tenant {} cannot be published and {}: {}",
            read.tenantId(),
            lastGood == null ? "is refused" : "keeps what it had",
            reason);
      }
    }
  }

  private TenantSnapshot build(TenantRead read) throws InvalidTenantException {
    return switch (read) {
      case TenantRows tenant -> {
        try {
          yield TenantSnapshot.of(tenant, settings);
        } catch (RuntimeException e) {
          // Ours to mend, but not at the price of every other tenant's changes.
          LOG.error("Building tenant {} failed", tenant.tenantId(), e);
          throw new InvalidTenantException("building it failed, see the log");
        }
      }
      case TenantRead.Unreadable unreadable ->
          throw new InvalidTenantException(unreadable.reason());
    };
  }

  private synchronized void publish(
      Map<String, TenantSnapshot> next, Map<String, String> nextFailing, long toldAtNanos) {
    long nowNanos = System.nanoTime();
    next.forEach((tenantId, part) -> begin(tenantId, part, nowNanos));
    handovers.keySet().retainAll(next.keySet());
    parts = next;
    failing = Map.copyOf(nextFailing);
    latestToldAtNanos = toldAtNanos;
    publish(toldAtNanos);
  }

  private void begin(String tenantId, TenantSnapshot part, long nowNanos) {
    TenantSnapshot before = parts.get(tenantId);
    if (before != null) {
      Handover handover = Handover.between(before, part, handovers.get(tenantId), nowNanos);
      if (handover != null) {
        handovers.put(tenantId, handover);
      }
    }
  }

  private void publish(long toldAtNanos) {
    long nowNanos = System.nanoTime();
    handovers.values().removeIf(handover -> handover.isOver(nowNanos));
    Map<String, Versioned<Resource>> clusters = new HashMap<>();
    Map<String, Versioned<Resource>> scopes = new HashMap<>();
    Map<String, Versioned<TenantPolicy>> policies = new HashMap<>();
    clusters.put(Clusters.EXT_PROC, extProcCluster);
    parts.forEach(
        (tenantId, own) -> {
          Handover handover = handovers.get(tenantId);
          TenantSnapshot part = handover == null ? own : handover.over(own, settings, nowNanos);
          clusters.putAll(part.clusters());
          scopes.put(tenantId, part.scope());
          policies.put(tenantId, part.policy());
        });
    snapshots.publish(
        new Snapshot(
            VersionedSet.of(clusters),
            listeners,
            VersionedSet.of(scopes),
            VersionedSet.of(policies),
            toldAtNanos));
    handovers.values().stream()
        .mapToLong(handover -> handover.dueNanos(nowNanos) - nowNanos)
        .min()
        .ifPresent(
            inNanos ->
                CompletableFuture.delayedExecutor(inNanos, TimeUnit.NANOSECONDS)
                    .execute(() -> proceed(toldAtNanos)));
  }

  /** The next step of the handovers that are under way, unless a change has made it already. */
  private synchronized void proceed(long toldAtNanos) {
    if (toldAtNanos == latestToldAtNanos) {
      publish(toldAtNanos);
    }
  }

  /** The tenants whose rows cannot be built now, with the reason. */
  public Map<String, String> failing() {
    return failing;
  }

  /** How often the rows of a tenant could not be built since the start. */
  public long failuresTotal() {
    return failuresTotal.get();
  }
}
