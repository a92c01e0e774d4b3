package io.mantle.privacy.detect.deep;

/** What becomes of a request for which the model had not the time, or could not be run. */
public enum OnOverrun {
  /** {@link DeepTierException}: the request must not leave. */
  REFUSE,
  /** What the fast tiers found stands. */
  FAST_ONLY
}
