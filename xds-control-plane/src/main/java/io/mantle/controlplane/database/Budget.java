package io.mantle.controlplane.database;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What may be spent in a month. Immutable.
 *
 * @param key whose it is; empty for all of the tenant's keys together
 * @param limitCents in US cents
 * @param warnPercents of the limit, rising: where somebody is told
 * @param stops whether what costs is kept out once all of it is spent; somebody is told of that as
 *     well
 * @param atPlatformPrices whether it is judged by what the platform's prices make of what was used,
 *     so that whoever writes a tenant's own prices cannot switch it off
 */
public record Budget(
    Optional<UUID> key,
    long limitCents,
    List<Integer> warnPercents,
    boolean stops,
    boolean atPlatformPrices) {
  /** Where somebody is told unless it is said otherwise. */
  public static final List<Integer> WARN_PERCENTS_DEFAULT = List.of(80, 100);

  private static final int ALL_OF_IT = 100;
  private static final long NANO_USD_PER_CENT = 10_000_000;

  public Budget {
    warnPercents = List.copyOf(new TreeSet<>(warnPercents));
  }

  /** A tenant's own, judged by what it pays. */
  public Budget(Optional<UUID> key, long limitCents, List<Integer> warnPercents, boolean stops) {
    this(key, limitCents, warnPercents, stops, false);
  }

  /** The limits of money that the plan, the tenant or a key has; what is beyond them stops. */
  public static List<Budget> of(TenantLimits limits) {
    List<Budget> budgets = new ArrayList<>();
    limits
        .effective()
        .of(LimitKind.MONTHLY_BUDGET_CENTS)
        .ifPresent(cents -> budgets.add(stopping(Optional.empty(), cents)));
    limits
        .sortedKeys()
        .forEach(
            (key, own) ->
                own.of(LimitKind.MONTHLY_BUDGET_CENTS)
                    .ifPresent(cents -> budgets.add(stopping(Optional.of(key), cents))));
    return budgets;
  }

  private static Budget stopping(Optional<UUID> key, long cents) {
    return new Budget(key, cents, WARN_PERCENTS_DEFAULT, true, true);
  }

  static Budget of(ResultSet row) throws SQLException {
    return new Budget(
        Optional.ofNullable(row.getObject("key_id", UUID.class)),
        row.getLong("limit_cents"),
        PublishedRows.list(row.getArray("warn_percents"), Integer.class),
        row.getBoolean("stops"));
  }

  /** The parts of it, in percent and rising, that are spent and of which somebody is told. */
  List<Integer> reached(BigDecimal spentNanoUsd) {
    TreeSet<Integer> told = new TreeSet<>(warnPercents);
    if (stops) {
      told.add(ALL_OF_IT);
    }
    return told.stream().filter(percent -> isSpent(spentNanoUsd, percent)).toList();
  }

  /** Whether it keeps out what costs. */
  public boolean keepsOut(BigDecimal spentNanoUsd) {
    return stops && isSpent(spentNanoUsd, ALL_OF_IT);
  }

  /** Whether it keeps out what costs from this part on. */
  boolean stopsAt(int percent) {
    return stops && percent >= ALL_OF_IT;
  }

  private boolean isSpent(BigDecimal spentNanoUsd, int percent) {
    BigDecimal threshold =
        BigDecimal.valueOf(limitCents)
            .multiply(BigDecimal.valueOf(NANO_USD_PER_CENT / 100))
            .multiply(BigDecimal.valueOf(percent));
    return spentNanoUsd.compareTo(threshold) >= 0;
  }
}
