package io.mantle.extproc.usage;

import io.mantle.extproc.value.UsageRecord;

/**
 * Where exchanges are written down: each that leaves before it does, and each that is over before
 * its answer ends. Neither call waits for another process, nor fails: what cannot be kept is
 * counted.
 */
public interface UsageBooks {

  /**
   * A request is about to leave.
   *
   * @param soFar what the books are to say if this server ends before {@link #closed} is called
   */
  void opened(UsageRecord soFar);

  /** An exchange is over, whether it was opened or refused before. */
  void closed(UsageRecord record);
}
