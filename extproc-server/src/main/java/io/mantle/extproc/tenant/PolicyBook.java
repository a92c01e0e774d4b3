package io.mantle.extproc.tenant;

/**
 * The policies in force. One writer swaps them whole; readers never wait and keep what they took.
 */
public final class PolicyBook {
  private volatile Policies current = Policies.NONE;
  private volatile boolean complete;

  /** The policies in force now. Take them once for a request. */
  public Policies current() {
    return current;
  }

  /** Puts the next policies in force. */
  public void swap(Policies next, boolean isComplete) {
    current = next;
    if (isComplete) {
      complete = true;
    }
  }

  /** Whether all tenants' policies have arrived once. */
  public boolean isComplete() {
    return complete;
  }
}
