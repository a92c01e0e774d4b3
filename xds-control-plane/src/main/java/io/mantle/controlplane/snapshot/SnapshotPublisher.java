package io.mantle.controlplane.snapshot;

import com.google.common.collect.Sets;
import io.mantle.controlplane.database.ChangeFeed;
import io.mantle.controlplane.database.PublishedRows;
import io.mantle.controlplane.database.TenantRead;
import io.mantle.controlplane.database.TenantRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the snapshot what the rows say: told which tenants changed, it reads those, builds their
 * parts anew and publishes the whole, at the cost of those tenants alone.
 *
 * <p>A tenant whose rows cannot be built keeps the part it last had, less the keys revoked since,
 * and holds up nobody else. What it had is known to this process alone: a control plane that starts
 * tells the peers to keep what they hold of it, less the same keys. Where a tenant's endpoints
 * change, a {@link Handover} says what is published when. Thread-safe; the {@link ChangeFeed} tells
 * it of changes.
 */
public final class SnapshotPublisher implements ChangeFeed.Follower {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotPublisher.class);

  private final PublishedRows rows;
  private final TenantPages pages;
  private final SharedResources shared;
  private final Snapshots snapshots;
  private final TenantParts parts;
  private final Map<String, UnderWay> handovers = new HashMap<>();
  private final AtomicLong failuresTotal = new AtomicLong();
  private final Map<String, FailingTenant> failing = new ConcurrentSkipListMap<>();

  /** A tenant's part, and what is published of it until the handover ends. */
  private record UnderWay(TenantSnapshot part, Handover handover) {}

  public SnapshotPublisher(PublishedRows rows, GatewaySettings settings, Snapshots snapshots) {
    this(rows, new TenantPages(rows), settings, snapshots);
  }

  /** As the other constructor, with other pages. */
  SnapshotPublisher(
      PublishedRows rows, TenantPages pages, GatewaySettings settings, Snapshots snapshots) {
    this.rows = rows;
    this.pages = pages;
    this.shared = new SharedResources(settings);
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
  public synchronized void everythingChanged(long heardAtNanos) {
    Set<String> known = new HashSet<>(Sets.union(parts.tenantIds(), failing.keySet()));
    List<String> ids = rows.tenantIds();
    ids.forEach(known::remove);
    known.forEach(this::remove);
    ReadProgress progress = new ReadProgress(ids.size());
    pages.forEach(
        ids,
        page -> {
          build(page);
          progress.add(page.asked().size());
          // What is new takes effect page by page; the first time only the whole is true.
          if (snapshots.latest().isPresent()) {
            publish(heardAtNanos);
          }
        });
    publish(heardAtNanos);
    progress.end();
  }

  @Override
  public synchronized void tenantsChanged(Set<String> tenantIds, long heardAtNanos) {
    pages.forEach(new ArrayList<>(tenantIds), this::build);
    publish(heardAtNanos);
  }

  /** What fails half-way is read again from the start: what was built by then stays. */
  private void build(TenantPages.Page page) {
    Set<String> gone = new HashSet<>(page.asked());
    for (TenantRead read : page.read()) {
      gone.remove(read.tenantId());
      buildOrKeep(read);
    }
    gone.forEach(this::remove);
  }

  private void remove(String tenantId) {
    parts.remove(tenantId);
    handovers.remove(tenantId);
    failing.remove(tenantId);
  }

  private void buildOrKeep(TenantRead read) {
    String tenantId = read.tenantId();
    try {
      put(tenantId, build(read));
      if (failing.remove(tenantId) != null) {
        LOG.info("Tenant {} can be published again", tenantId);
      }
    } catch (InvalidTenantException e) {
      String reason = String.valueOf(e.getMessage());
      TenantSnapshot lastGood = partOf(tenantId);
      if (lastGood != null) {
        put(tenantId, lastGood.tightenedBy(read));
      } else {
        parts.putUnknown(tenantId, TenantSnapshot.keepingHeld(read));
      }
      FailingTenant before = failing.get(tenantId);
      Instant since = before == null ? Instant.now() : before.since();
      failing.put(tenantId, new FailingTenant(tenantId, reason, since, lastGood != null));
      failuresTotal.incrementAndGet();
      LOG.error(
          "Tenant {} cannot be published and {}: {}",
          tenantId,
          lastGood == null ? "has what the gateways hold of it" : "keeps what it had",
          reason);
    }
  }

  private TenantSnapshot build(TenantRead read) throws InvalidTenantException {
    return switch (read) {
      case TenantRows tenant -> {
        try {
          yield TenantSnapshot.of(tenant, shared);
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

  private @Nullable TenantSnapshot partOf(String tenantId) {
    UnderWay underWay = handovers.get(tenantId);
    return underWay == null ? parts.of(tenantId) : underWay.part;
  }

  private void put(String tenantId, TenantSnapshot part) {
    TenantSnapshot before = partOf(tenantId);
    UnderWay underWay = handovers.get(tenantId);
    Handover handover =
        before == null
            ? null
            : Handover.between(
                before, part, underWay == null ? null : underWay.handover, System.nanoTime());
    if (handover == null) {
      handovers.remove(tenantId);
      parts.put(tenantId, part);
    } else {
      handovers.put(tenantId, new UnderWay(part, handover));
      putOver(tenantId, part, handover);
    }
  }

  /** What is published now, and again when the handover's next step is due. */
  private void putOver(String tenantId, TenantSnapshot part, Handover handover) {
    long nowNanos = System.nanoTime();
    parts.put(tenantId, handover.over(part, shared, nowNanos));
    CompletableFuture.delayedExecutor(handover.dueNanos(nowNanos) - nowNanos, TimeUnit.NANOSECONDS)
        .execute(() -> proceed(tenantId, handover));
  }

  /** Does nothing where a change has begun another handover since. */
  private synchronized void proceed(String tenantId, Handover handover) {
    UnderWay underWay = handovers.get(tenantId);
    if (underWay == null || !underWay.handover.equals(handover)) {
      return;
    }
    if (handover.isOver(System.nanoTime())) {
      handovers.remove(tenantId);
      parts.put(tenantId, underWay.part);
    } else {
      putOver(tenantId, underWay.part, handover);
    }
    publish(System.nanoTime());
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
