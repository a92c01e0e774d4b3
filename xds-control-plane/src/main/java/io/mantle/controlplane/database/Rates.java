package io.mantle.controlplane.database;

import java.math.BigInteger;
import java.util.OptionalLong;

/**
 * What a million tokens cost, in billionths of a US dollar.
 *
 * @param cachedInputNanoUsd of what the provider had cached; empty where it costs what any input
 *     does
 * @param outputNanoUsd of reasoning as well
 */
public record Rates(long inputNanoUsd, OptionalLong cachedInputNanoUsd, long outputNanoUsd) {
  /** Ten thousand dollars; with it the cost of any exchange fits into a {@code long}. */
  public static final long NANO_USD_MAX = 10_000_000_000_000L;

  private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);
  private static final BigInteger HALF = BigInteger.valueOf(500_000);

  /**
   * What tokens cost: exact, then rounded once, to the nearest billionth of a dollar, a half up.
   *
   * @param prompt all of them, each count of 32 bits
   * @param cached among those; more than there are count as all
   */
  long costNanoUsd(long prompt, long cached, long completion) {
    long reused = Math.min(cached, prompt);
    return times(prompt - reused, inputNanoUsd)
        .add(times(reused, cachedInputNanoUsd.orElse(inputNanoUsd)))
        .add(times(completion, outputNanoUsd))
        .add(HALF)
        .divide(MILLION)
        .longValueExact();
  }

  private static BigInteger times(long tokens, long nanoUsd) {
    return BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(nanoUsd));
  }
}
