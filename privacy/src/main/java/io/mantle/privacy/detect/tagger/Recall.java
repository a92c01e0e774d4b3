package io.mantle.privacy.detect.tagger;

/** What weighs more: a miss, or a false alarm. */
public enum Recall {
  /** Rather a false alarm than a miss. */
  HIGH(3.5f),
  BALANCED(2.2f),
  /** Rather a miss than a false alarm. */
  PRECISE(1);

  private final float bias;

  Recall(float bias) {
    this.bias = bias;
  }

  /**
   * A token belongs to an entity unless "nothing" has a chance of more than {@code 1 / (1 +
   * exp(-bias))}.
   */
  float bias() {
    return bias;
  }
}
