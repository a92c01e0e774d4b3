package io.mantle.privacy.detect;

/**
 * A text could not be examined within the bounds of what that may cost. What is private in it is
 * not known, so nothing of it may leave. Its words hold nothing of the text.
 */
public final class DetectionOverrunException extends RuntimeException {

  public DetectionOverrunException(String message) {
    super(message, null, false, false);
  }
}
