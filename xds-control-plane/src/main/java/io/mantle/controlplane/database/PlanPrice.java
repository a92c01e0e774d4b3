package io.mantle.controlplane.database;

import java.math.BigDecimal;
import java.util.OptionalLong;

/**
 * What a plan costs in a month.
 *
 * @param feeCents in US cents
 * @param includedRequests empty for all
 * @param thousandMoreCents for a thousand requests beyond those, charged for each
 */
public record PlanPrice(long feeCents, OptionalLong includedRequests, long thousandMoreCents) {
  private static final long NANOS_OF_CENT = 10_000_000;

  /** The fee in billionths of a US dollar. */
  public BigDecimal feeNanoUsd() {
    return times(feeCents, NANOS_OF_CENT);
  }

  /** How many of these requests are not included. */
  public long moreRequests(long requests) {
    return includedRequests.isPresent() ? Math.max(0, requests - includedRequests.getAsLong()) : 0;
  }

  /** What those cost, in billionths of a US dollar; exact. */
  public BigDecimal moreRequestsNanoUsd(long requests) {
    return times(moreRequests(requests), NANOS_OF_CENT / 1_000)
        .multiply(BigDecimal.valueOf(thousandMoreCents));
  }

  private static BigDecimal times(long one, long other) {
    return BigDecimal.valueOf(one).multiply(BigDecimal.valueOf(other));
  }
}
