package io.mantle.extproc.limit;

import java.time.Duration;

/**
 * A budget whose tokens come back one span after they were taken: so no span of time, wherever it
 * begins, sees more than the limit, where a bucket that refills steadily lets twice its size pass
 * in the span after it was full. Time is cut into {@value #SLOTS} slots; what is taken comes back
 * up to one slot late, never early, which costs less than 1 % of the limit. Not thread-safe.
 */
final class SlidingWindow {
  static final int SLOTS = 128;

  private final long slotNanos;
  private final long[] counts = new long[SLOTS];
  private long total;
  private long head = Long.MIN_VALUE;

  SlidingWindow(Duration span) {
    // One less, so that a slot that comes back is out of the span entirely.
    this.slotNanos = span.toNanos() / (SLOTS - 1);
  }

  /** What is taken now. */
  long total(long nowNanos) {
    advance(nowNanos);
    return total;
  }

  /** Takes; returns the slot it was taken in. */
  long take(long nowNanos, long amount) {
    advance(nowNanos);
    counts[at(head)] += amount;
    total += amount;
    return head;
  }

  /** Corrects what was taken: what is too much comes back at once, what is more counts from now. */
  void correct(long nowNanos, long slot, long more) {
    advance(nowNanos);
    if (more >= 0) {
      counts[at(head)] += more;
      total += more;
    } else if (head - slot < SLOTS) {
      counts[at(slot)] += more;
      total += more;
    }
  }

  /** How long until this much of what is taken has come back. */
  long waitNanos(long nowNanos, long amount) {
    advance(nowNanos);
    long freed = 0;
    for (long slot = head - SLOTS + 1; slot <= head; slot++) {
      freed += counts[at(slot)];
      if (freed >= amount) {
        return Math.max(0, (slot + SLOTS) * slotNanos - nowNanos);
      }
    }
    return slotNanos * SLOTS;
  }

  private void advance(long nowNanos) {
    long slot = Math.floorDiv(nowNanos, slotNanos);
    if (head == Long.MIN_VALUE) {
      head = slot;
    }
    for (long gone = Math.max(head, slot - SLOTS) + 1; gone <= slot; gone++) {
      total -= counts[at(gone)];
      counts[at(gone)] = 0;
    }
    head = Math.max(head, slot);
  }

  private static int at(long slot) {
    return Math.floorMod(slot, SLOTS);
  }
}
