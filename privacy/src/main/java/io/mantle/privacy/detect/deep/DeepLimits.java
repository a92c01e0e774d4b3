package io.mantle.privacy.detect.deep;

/**
 * What the deep tier may cost.
 *
 * @param millisMax for all texts of one request, waiting included; overrun by at most one run of
 *     the model
 * @param charsMax of one request that the model may have to read; beyond it the request is overrun
 *     at once, since it would be in the end
 * @param concurrentMax runs of the model at once, over all requests
 * @param windowPieces that the model reads at once
 * @param overlapPieces that two neighbouring windows share, so that both ends have context
 */
public record DeepLimits(
    int millisMax, int charsMax, int concurrentMax, int windowPieces, int overlapPieces) {

  public DeepLimits {
    if (millisMax < 1 || charsMax < 1 || concurrentMax < 1) {
      throw new IllegalArgumentException("a limit of the deep tier is less than 1");
    }
    if (overlapPieces < 0 || windowPieces <= 2 * overlapPieces) {
      throw new IllegalArgumentException("windows must be longer than twice their overlap");
    }
  }

  /** The same limits with another time for a request. */
  public DeepLimits withMillisMax(int millis) {
    return new DeepLimits(millis, charsMax, concurrentMax, windowPieces, overlapPieces);
  }

  /** Within the time that Envoy waits for an answer by default; a run for each core. */
  public static DeepLimits standard() {
    return new DeepLimits(3_000, 100_000, Runtime.getRuntime().availableProcessors(), 126, 32);
  }
}
