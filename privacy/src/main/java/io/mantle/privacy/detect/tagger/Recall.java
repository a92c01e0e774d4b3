package io.mantle.privacy.detect.tagger;

/** What weighs more: a miss, or a false alarm. */
public enum Recall {
  /** Rather a false alarm than a miss. */
  HIGH(2.4f),
  BALANCED(1),
  /** Rather a miss than a false alarm. */
  PRECISE(0);

  private final float bias;

  Recall(float bias) {
    this.bias = bias;
  }

  /** What is taken from the score of "nothing" at every token. */
  float bias() {
    return bias;
  }
}
