package io.mantle.privacy.detect.evaluation;

import java.io.IOException;

/** A line that is not what it should be. Its message has the line's number and none of its text. */
public final class BadLineException extends IOException {
  private static final long serialVersionUID = 1L;

  BadLineException(long line, String reason) {
    super("line " + line + ": " + reason);
  }
}
