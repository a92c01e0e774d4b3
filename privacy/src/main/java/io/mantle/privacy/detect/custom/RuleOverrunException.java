package io.mantle.privacy.detect.custom;

/** A tenant's rules cost more on a text than they may; what they would have found is not known. */
public final class RuleOverrunException extends RuntimeException {

  RuleOverrunException(String message) {
    super(message, null, false, false);
  }
}
