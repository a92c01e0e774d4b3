package io.mantle.extproc.tenant;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The policies in force. One writer swaps them whole; readers never wait and keep what they took.
 */
public final class PolicyBook {
  private final Freshness freshness;
  private volatile Policies current = Policies.NONE;
  private volatile boolean complete;

  /** A book whose policies do not age. */
  public PolicyBook() {
    this(new Freshness(Duration.ofDays(36_500), InstantSource.system()));
  }

  /** A book whose policies may not be used when they are stale. */
  public PolicyBook(Freshness freshness) {
    this.freshness = freshness;
  }

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

  /** Whether requests may be judged by them: all have arrived, and they are not too old. */
  public boolean isInForce() {
    return complete && !freshness.isStale();
  }

  /**
   * Whether this tenant's requests may be judged by its policy: where a later one was refused, for
   * as long as all may be used without word from the control plane.
   */
  public boolean isInForce(String tenantId) {
    Instant currentUntil = current.currentUntil(tenantId);
    return currentUntil == null || !freshness.isStale(currentUntil);
  }

  /** How old they are. */
  public Freshness freshness() {
    return freshness;
  }
}
