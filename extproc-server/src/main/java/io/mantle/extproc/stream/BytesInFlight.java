package io.mantle.extproc.stream;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A budget of body bytes over all exchanges: what is beyond it is refused before it can exhaust the
 * memory.
 */
public final class BytesInFlight {
  private final long bytesMax;
  private final AtomicLong bytes = new AtomicLong();

  public BytesInFlight(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Takes from the budget; false, and nothing taken, where it does not suffice. */
  boolean take(long count) {
    if (bytes.addAndGet(count) <= bytesMax) {
      return true;
    }
    bytes.addAndGet(-count);
    return false;
  }

  void giveBack(long count) {
    bytes.addAndGet(-count);
  }

  /** How many are taken. */
  public long taken() {
    return bytes.get();
  }
}
