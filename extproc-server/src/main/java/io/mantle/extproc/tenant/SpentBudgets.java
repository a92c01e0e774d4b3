package io.mantle.extproc.tenant;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Which monthly budgets of a tenant are spent, each until its month is over. Immutable. That a
 * month is over is seen by this server's own clock, so nobody has to say so.
 *
 * @param tenantUntil the first moment at which the tenant's budget is not spent
 * @param keysUntil key id to the same of its own budget
 */
public record SpentBudgets(Instant tenantUntil, Map<String, Instant> keysUntil) {
  /** None is. */
  public static final SpentBudgets NONE = new SpentBudgets(Instant.EPOCH, Map.of());

  public SpentBudgets {
    keysUntil = Map.copyOf(keysUntil);
  }

  /**
   * A budget that is spent.
   *
   * @param ofKey whether it is the key's; else the tenant's
   * @param until when its month is over
   */
  public record Spent(boolean ofKey, Instant until) {}

  /** The budget that keeps out a request of this key that began then, if any does. */
  public Optional<Spent> keepingOut(String keyId, Instant begun) {
    if (begun.isBefore(tenantUntil)) {
      return Optional.of(new Spent(false, tenantUntil));
    }
    Instant keyUntil = keysUntil.getOrDefault(keyId, Instant.EPOCH);
    return begun.isBefore(keyUntil) ? Optional.of(new Spent(true, keyUntil)) : Optional.empty();
  }
}
