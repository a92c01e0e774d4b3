package io.mantle.controlplane.database;

/**
 * A privacy policy that cannot be used. Its words hold no phrase, pattern or sample, so that they
 * may be logged and sent back.
 */
public final class InvalidPolicyException extends Exception {
  private final String field;
  private final String reason;

  public InvalidPolicyException(String field, String reason) {
    super(field + ": " + reason);
    this.field = field;
    this.reason = reason;
  }

  /** Which field is meant: {@code recognizers[0].patterns[1]}. */
  public String field() {
    return field;
  }

  /** What is wrong with it. */
  public String reason() {
    return reason;
  }
}
