package io.mantle.extproc.limit;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a client stands with its limits: of those of a kind the one that is nearest.
 *
 * @param shared whether all replicas count together; else this server alone
 */
public record Standing(@Nullable Left requests, @Nullable Left tokens, boolean shared) {

  /**
   * What is left of a limit.
   *
   * @param reset until nothing of it is taken, if nobody asks meanwhile
   */
  public record Left(long limit, long remaining, Duration reset) {}

  /**
   * From what each budget has taken.
   *
   * @param refusedBy the budget that refused, or -1
   * @param wait until that one lets in again; no reset is told that comes before
   */
  static Standing of(
      List<Budget> budgets, long[] taken, int refusedBy, Duration wait, boolean shared) {
    @Nullable Left requests = null;
    @Nullable Left tokens = null;
    for (int i = 0; i < budgets.size(); i++) {
      Budget budget = budgets.get(i);
      if (!budget.isLimited()) {
        continue;
      }
      long remaining = i == refusedBy ? 0 : Math.max(0, budget.limit() - taken[i]);
      Duration reset = taken[i] == 0 ? Duration.ZERO : budget.span().length();
      if (i == refusedBy && reset.compareTo(wait) < 0) {
        reset = wait;
      }
      Left left = new Left(budget.limit(), remaining, reset);
      if (budget.span().ofTokens()) {
        tokens = nearer(tokens, left);
      } else {
        requests = nearer(requests, left);
      }
    }
    return new Standing(requests, tokens, shared);
  }

  /** The one with less left; of two with as much the one that lasts longer. */
  private static Left nearer(@Nullable Left one, Left other) {
    if (one == null || other.remaining() != one.remaining()) {
      return one == null || other.remaining() < one.remaining() ? other : one;
    }
    return other.reset().compareTo(one.reset()) > 0 ? other : one;
  }
}
