package io.mantle.controlplane.snapshot;

import com.google.common.collect.Lists;
import com.google.common.collect.Sets;
import io.mantle.controlplane.database.ChangeFeed;
import io.mantle.controlplane.database.PublishedRows;
import io.mantle.controlplane.database.TenantRead;
import io.mantle.controlplane.database.TenantRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the snapshot what the rows say: told which tenants changed, it reads those, builds their
 * parts anew and publishes the whole, at the cost of those tenants alone.
 *
 * <p>A tenant whose rows cannot be built keeps the part it last had, less the keys revoked since,
 * and holds up nobody else. What it had is known to this process alone: to a control plane that
 * starts, such a tenant has nothing, and is refused. Used by one thread, that of the {@link
 * ChangeFeed}; {@link #failing} by any.
 */
public final class SnapshotPublisher implements ChangeFeed.Follower {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotPublisher.class);
  private static final int TENANTS_PER_READ = 500;

  private final PublishedRows rows;
  private final GatewaySettings settings;
  private final Snapshots snapshots;
  private final TenantParts parts;
  private final AtomicLong failuresTotal = new AtomicLong();
  private final Map<String, FailingTenant> failing = new ConcurrentSkipListMap<>();

  public SnapshotPublisher(PublishedRows rows, GatewaySettings settings, Snapshots snapshots) {
    this.rows = rows;
    this.settings = settings;
    this.snapshots = snapshots;
    this.parts =
        new TenantParts(
            Versioned.resource(Clusters.EXT_PROC, Clusters.extProc(settings)),
            VersionedSet.of(
                Map.of(
                    GatewayListener.NAME,
                    Versioned.resource(GatewayListener.NAME, GatewayListener.build(settings)))));
  }

  @Override
  public void everythingChanged(long heardAtNanos) {
    Set<String> known = new HashSet<>(Sets.union(parts.tenantIds(), failing.keySet()));
    List<String> ids = rows.tenantIds();
    ids.forEach(known::remove);
    known.forEach(this::remove);
    readAndBuild(ids);
    publish(heardAtNanos);
  }

  @Override
  public void tenantsChanged(Set<String> tenantIds, long heardAtNanos) {
    readAndBuild(new ArrayList<>(tenantIds));
    publish(heardAtNanos);
  }

  /** What fails half-way is read again from the start: what was built by then stays. */
  private void readAndBuild(List<String> tenantIds) {
    for (List<String> some : Lists.partition(tenantIds, TENANTS_PER_READ)) {
      Collection<TenantRead> reads = rows.read(some);
      Set<String> gone = new HashSet<>(some);
      for (TenantRead read : reads) {
        gone.remove(read.tenantId());
        buildOrKeep(read);
      }
      gone.forEach(this::remove);
    }
  }

  private void remove(String tenantId) {
    parts.remove(tenantId);
    failing.remove(tenantId);
  }

  private void buildOrKeep(TenantRead read) {
    String tenantId = read.tenantId();
    try {
      parts.put(tenantId, build(read));
      if (failing.remove(tenantId) != null) {
        LOG.info("Tenant {} can be published again", tenantId);
      }
    } catch (InvalidTenantException e) {
      String reason = String.valueOf(e.getMessage());
      TenantSnapshot lastGood = parts.of(tenantId);
      if (lastGood != null) {
        parts.put(tenantId, lastGood.retainingKeys(read.keys()));
      }
      FailingTenant before = failing.get(tenantId);
      Instant since = before == null ? Instant.now() : before.since();
      failing.put(tenantId, new FailingTenant(tenantId, reason, since, lastGood != null));
      failuresTotal.incrementAndGet();
      LOG.error(
          "Tenant {} cannot be published and {}: {}",
          tenantId,
          lastGood == null ? "is refused" : "keeps what it had",
          reason);
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

  private void publish(long heardAtNanos) {
    if (parts.haveChanged() || snapshots.latest().isEmpty()) {
      snapshots.publish(parts.snapshot(heardAtNanos));
    }
  }

  /** The tenants whose rows cannot be published now, by id. */
  public Collection<FailingTenant> failing() {
    return List.copyOf(failing.values());
  }

  /** How often the rows of a tenant could not be built since the start. */
  public long failuresTotal() {
    return failuresTotal.get();
  }
}
