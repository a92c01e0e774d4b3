package io.mantle.privacy;

/**
 * The texts cannot be masked so that every value would come back: the request must not leave. The
 * message quotes nothing of them.
 */
public final class UnmaskableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnmaskableException(String why) {
    super(why);
  }
}
