package io.mantle.privacy.detect.deep;

/**
 * The deep tier gave no answer: nothing of the request may leave. A later try may succeed, unless
 * the text is too long. The message quotes nothing of the text.
 */
public final class DeepTierException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why there is no answer. */
  public enum Reason {
    OVERRUN,
    TOO_LONG,
    FAILED
  }

  private final Reason reason;

  DeepTierException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  private DeepTierException(String message, Throwable cause) {
    super(message, cause);
    this.reason = Reason.FAILED;
  }

  /** The model could not be run; {@code cause} must quote nothing of the text. */
  public static DeepTierException failed(Throwable cause) {
    return new DeepTierException("the model could not be run", cause);
  }

  public Reason reason() {
    return reason;
  }
}
