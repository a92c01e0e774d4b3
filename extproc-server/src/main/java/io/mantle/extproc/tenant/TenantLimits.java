package io.mantle.extproc.tenant;

import java.util.Map;

/**
 * How much a tenant may ask for. Immutable.
 *
 * @param tenant of all its keys together
 * @param keys key id to what that key may besides
 * @param ladderStep the bucket of Envoy's first wall, in requests a minute; 0 where it names none
 * @param spent which of its monthly budgets let nothing in
 */
public record TenantLimits(
    Limits tenant, Map<String, Limits> keys, int ladderStep, SpentBudgets spent) {
  /** Nothing is limited. */
  public static final TenantLimits NONE =
      new TenantLimits(Limits.NONE, Map.of(), 0, SpentBudgets.NONE);

  public TenantLimits {
    keys = Map.copyOf(keys);
  }

  /** What one of its keys may besides. */
  public Limits ofKey(String keyId) {
    return keys.getOrDefault(keyId, Limits.NONE);
  }
}
