package io.mantle.controlplane.database;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * How much a tenant may ask for. Immutable.
 *
 * @param plan what its plan gives; says something of every kind
 * @param tenant what differs from that
 * @param keys what single keys may besides, by key id
 */
public record TenantLimits(Limits plan, Limits tenant, Map<UUID, Limits> keys) {
  /** Nothing is limited. */
  public static final TenantLimits NONE = new TenantLimits(Limits.SILENT, Limits.SILENT, Map.of());

  public TenantLimits {
    keys = Map.copyOf(keys);
  }

  /** What holds for all of the tenant's keys together. */
  public Limits effective() {
    return tenant.over(plan);
  }

  /** The keys in the order of their ids. */
  public Map<UUID, Limits> sortedKeys() {
    return new TreeMap<>(keys);
  }
}
