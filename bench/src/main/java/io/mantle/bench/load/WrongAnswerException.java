package io.mantle.bench.load;

/** An answer that is not what it must be: then no figure of the run means anything. */
public final class WrongAnswerException extends Exception {
  public WrongAnswerException(String message) {
    super(message);
  }
}
