package io.mantle.controlplane.snapshot;

import io.mantle.proto.policy.v1.TenantPolicy;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a tenant goes from some chains to others without a request in between that has nowhere to go.
 * Envoy and the sidecars learn of a change apart, so Envoy is told first, and goes on knowing the
 * earlier chains until what was admitted for them has left; the sidecars follow. Immutable.
 *
 * @param earlier chains that the tenant no longer has
 * @param held what the sidecars keep until then
 */
record Handover(
    Map<String, Chain> earlier,
    Versioned<TenantPolicy> held,
    long heldUntilNanos,
    long endsAtNanos) {
  private static final long HELD_NANOS = 200_000_000L;
  private static final long LASTS_NANOS = 30_000_000_000L;
  private static final int EARLIER_MAX = 100;

  /**
   * The handover between two parts of a tenant, or the one that is under way where this is none.
   * Changes that follow each other closely do not hold back the sidecars any longer.
   */
  static @Nullable Handover between(
      TenantSnapshot before, TenantSnapshot after, @Nullable Handover underWay, long nowNanos) {
    Handover current = underWay == null || underWay.isOver(nowNanos) ? null : underWay;
    if (before.chains().equals(after.chains())) {
      return current;
    }
    Map<String, Chain> earlier = new TreeMap<>(before.chains());
    if (current != null && current.earlier.size() < EARLIER_MAX) {
      earlier.putAll(current.earlier);
    }
    boolean unknownToEnvoy = !earlier.keySet().containsAll(after.chains().keySet());
    Handover holding = current != null && current.isHeld(nowNanos) ? current : null;
    return new Handover(
        earlier,
        holding != null ? holding.held : before.policy(),
        holding != null ? holding.heldUntilNanos : nowNanos + (unknownToEnvoy ? HELD_NANOS : 0),
        nowNanos + LASTS_NANOS);
  }

  boolean isHeld(long nowNanos) {
    return nowNanos - heldUntilNanos < 0;
  }

  boolean isOver(long nowNanos) {
    return nowNanos - endsAtNanos >= 0;
  }

  /** When something is next to be published on its account. */
  long dueNanos(long nowNanos) {
    return isHeld(nowNanos) ? heldUntilNanos : endsAtNanos;
  }

  /** What is published of the tenant meanwhile: its part, and what this adds or holds back. */
  TenantSnapshot over(TenantSnapshot part, SharedResources shared, long nowNanos) {
    TenantSnapshot widened = part.alsoWith(earlier, shared);
    return isHeld(nowNanos) ? widened.withPolicyOf(held) : widened;
  }
}
