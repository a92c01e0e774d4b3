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
   */
  static Standing of(List<Budget> budgets, long[] taken, int refusedBy, boolean shared) {
    @Nullable Left requests = null;
    @Nullable Left tokens = null;
    for (int i = 0; i < budgets.size(); i++) {
      Budget budget = budgets.get(i);
      if (!budget.isLimited()) {
        continue;
      }
      long remaining = i == refusedBy ? 0 : Math.max(0, budget.limit() - taken[i]);
      Duration reset = taken[i] == 0 ? Duration.ZERO : budget.span().length();
      Left left = new Left(budget.limit(), remaining, reset);
      if (budget.span().ofTokens()) {
        tokens = nearer(tokens, left);
      } else {
        requests = nearer(requests, left);
      }
    }
    return new Standing(requests, tokens, shared);
  }

  private static Left nearer(@Nullable Left one, Left other) {
    return one == null || other.remaining() < one.remaining() ? other : one;
  }
}
