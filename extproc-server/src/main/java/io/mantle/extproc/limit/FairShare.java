package io.mantle.extproc.limit;

/**
 * What keeps one key of a tenant from taking all. While several keys are active, each may have its
 * equal part; who wants more may have what the others leave, but for a tenth of the budget and half
 * of what they took: so who asks for more gets more from minute to minute, until all have their
 * parts. Who asks alone has all of it.
 */
final class FairShare {
  private static final int KEPT_OF_LIMIT_DIVISOR = 10;
  private static final int KEPT_OF_TAKEN_DIVISOR = 2;

  private FairShare() {}

  /**
   * By how much a key would go beyond what is its own and what the others leave.
   *
   * @param taken of the budget by all keys
   * @param takenByKey of it by this one
   * @param activeKeys this one included
   * @return 0 or less where it may take
   */
  static long beyond(Budget budget, long taken, long takenByKey, int activeKeys) {
    if (activeKeys <= 1) {
      return 0;
    }
    long limit = budget.limit();
    long others = Math.max(0, taken - takenByKey);
    // Rounded up, so that the parts together are no less than the whole.
    long part = (limit + activeKeys - 1) / activeKeys;
    long kept =
        Math.min(
            limit / KEPT_OF_LIMIT_DIVISOR + others / KEPT_OF_TAKEN_DIVISOR,
            Math.max(0, limit - part - others));
    return Math.min(takenByKey + budget.amount() - part, taken + budget.amount() - (limit - kept));
  }
}
