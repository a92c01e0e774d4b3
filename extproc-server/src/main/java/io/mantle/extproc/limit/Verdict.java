package io.mantle.extproc.limit;

import java.time.Duration;

/** What became of a request at the limits. */
public sealed interface Verdict {

  /** What the client is told of its limits. */
  Standing standing();

  /**
   * It may go on.
   *
   * @param reservation to be settled once it is over
   */
  record Admitted(Standing standing, Reservation reservation) implements Verdict {}

  /**
   * It may not; nothing was taken.
   *
   * @param retryAfter when it may be let in, if nobody else asks
   */
  record Refused(Standing standing, Reason reason, Duration retryAfter) implements Verdict {}

  /** Which limit was reached. */
  enum Reason {
    REQUESTS,
    TOKENS,
    STREAMS
  }
}
