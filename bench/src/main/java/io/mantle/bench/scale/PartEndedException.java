package io.mantle.bench.scale;

import java.io.IOException;

/**
 * A process that should run until the end does not; the message says which, and where its log is.
 */
final class PartEndedException extends IOException {
  PartEndedException(String message) {
    super(message);
  }

  /**
   * The same.
   *
   * @param noticedBy what went wrong for want of it
   */
  PartEndedException(String message, Exception noticedBy) {
    super(message, noticedBy);
  }
}
