package io.mantle.privacy.detect.custom;

/**
 * A tenant's rule that cannot be used. Its words hold no phrase, pattern or sample, so that they
 * may be logged and sent back.
 */
public final class InvalidRuleException extends Exception {
  private final String field;
  private final String reason;

  public InvalidRuleException(String field, String reason) {
    super(field + ": " + reason);
    this.field = field;
    this.reason = reason;
  }

  /** Which field of the policy is meant: {@code recognizers[0].patterns[1]}. */
  public String field() {
    return field;
  }

  /** What is wrong with it. */
  public String reason() {
    return reason;
  }
}
