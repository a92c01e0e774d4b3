package io.mantle.controlplane.database;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Which budgets keep out what costs. Immutable.
 *
 * @param until when their month is over
 * @param tenant whether the tenant's does
 * @param keys whose own does
 */
public record SpentBudgets(Instant until, boolean tenant, Set<UUID> keys) {
  /** None does. */
  public static final SpentBudgets NONE = new SpentBudgets(Instant.EPOCH, false, Set.of());

  public SpentBudgets {
    keys = Set.copyOf(keys);
  }

  static SpentBudgets of(Collection<Budget> budgets, MonthSpend spend) {
    Set<Optional<UUID>> spent =
        budgets.stream()
            .filter(budget -> budget.keepsOut(spend.nanoUsd(budget)))
            .map(Budget::key)
            .collect(Collectors.toSet());
    return spent.isEmpty()
        ? NONE
        : new SpentBudgets(
            spend.end(),
            spent.contains(Optional.<UUID>empty()),
            spent.stream().flatMap(Optional::stream).collect(Collectors.toSet()));
  }
}
