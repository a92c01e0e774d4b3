package io.mantle.extproc.tenant;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The policies in force. One writer swaps them whole; readers never wait and keep what they took.
 */
public final class PolicyBook {
  private volatile Policies current = Policies.NONE;
  private final CountDownLatch complete = new CountDownLatch(1);

  /** The policies in force now. Take them once for a request. */
  public Policies current() {
    return current;
  }

  /** Puts the next policies in force. */
  public void swap(Policies next, boolean isComplete) {
    current = next;
    if (isComplete) {
      complete.countDown();
    }
  }

  /** Whether all tenants' policies have arrived once. */
  public boolean isComplete() {
    return complete.getCount() == 0;
  }

  /** Waits for that; false where it did not come in time. */
  public boolean awaitComplete(long millisMax) throws InterruptedException {
    return complete.await(millisMax, TimeUnit.MILLISECONDS);
  }
}
