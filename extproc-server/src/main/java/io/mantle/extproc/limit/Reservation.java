package io.mantle.extproc.limit;

/**
 * What a request took from its budgets. Thread-safe; the first call counts, further ones do not.
 */
@FunctionalInterface
public interface Reservation {
  /** Of a request that nothing limits. */
  Reservation NONE = _ -> {};

  /**
   * Ends it: what was taken becomes what was used, and its place among the streams is free. Never
   * waits, never fails.
   *
   * @param tokensUsed by the request and its answer; 0 where nothing was sent
   */
  void settle(long tokensUsed);
}
