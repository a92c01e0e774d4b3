package io.mantle.extproc.tenant;

/**
 * How much a tenant, or one of its keys, may ask for. Immutable.
 *
 * @param tokensPerDay in any 24 hours
 * @param concurrentStreams requests that are not answered to the end
 */
public record Limits(
    long requestsPerSecond,
    long requestsPerMinute,
    long tokensPerMinute,
    long tokensPerDay,
    long concurrentStreams) {

  /** Where there is no limit. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** Nothing is limited. */
  public static final Limits NONE =
      new Limits(UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED);

  /** How many tokens the narrowest limit of them lets in; {@link #UNLIMITED} where none does. */
  public long tokensMin() {
    return Math.min(tokensPerMinute, tokensPerDay);
  }

  /** Whether anything is limited. */
  public boolean any() {
    return !equals(NONE);
  }
}
