package io.mantle.vault.store;

import java.time.Duration;

/**
 * What a store holds at most.
 *
 * @param timeToLive how long a conversation is kept after it was last looked at
 * @param conversationBytesMax sealed bytes of one conversation's entries, names included
 * @param memoryBytesMax sealed bytes of all conversations, where they are in this process's memory;
 *     those not used for longest go first
 */
public record StoreLimits(Duration timeToLive, int conversationBytesMax, long memoryBytesMax) {
  /** 7 days, 1 MiB, 64 MiB. */
  public static final StoreLimits STANDARD =
      new StoreLimits(Duration.ofDays(7), 1 << 20, 64L << 20);

  /** Checks that there is room for something. */
  public StoreLimits {
    if (timeToLive.toMillis() < 1 || conversationBytesMax < 1 || memoryBytesMax < 1) {
      throw new IllegalArgumentException("every limit is at least 1");
    }
  }

  /** The same but for the time. */
  public StoreLimits withTimeToLive(Duration time) {
    return new StoreLimits(time, conversationBytesMax, memoryBytesMax);
  }
}
