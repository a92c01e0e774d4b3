package io.mantle.vault.value;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the erasure of a data subject did. Safe to hand on, to print and to keep: it holds no key,
 * no value and no name of a conversation.
 *
 * @param tenantId whose it was
 * @param at when
 * @param conversations how many kept something about it; their keys are destroyed
 * @param keys of the first {@link #KEYS_MAX} keys, the first 16 hexadecimal digits of the SHA-256
 *     of the sealed key
 */
public record ErasureReceipt(String tenantId, Instant at, int conversations, List<String> keys) {
  /** More are counted, and not listed. */
  public static final int KEYS_MAX = 1_000;

  /** Keeps the list short. */
  public ErasureReceipt {
    keys = List.copyOf(keys.subList(0, Math.min(keys.size(), KEYS_MAX)));
  }

  /** A receipt of an erasure that found nothing. */
  public static ErasureReceipt ofNothing(String tenantId, Instant at) {
    return new ErasureReceipt(tenantId, at, 0, List.of());
  }

  /** The same, with further keys destroyed. */
  public ErasureReceipt and(List<String> further) {
    return and(further.size(), further);
  }

  /** The same, with further keys destroyed, of which some are listed. */
  public ErasureReceipt and(int furtherConversations, List<String> further) {
    return new ErasureReceipt(
        tenantId,
        at,
        conversations + furtherConversations,
        Stream.concat(keys.stream(), further.stream()).toList());
  }

  /** What became of the keys. */
  public Receipt.Outcome outcome() {
    return conversations == 0 ? Receipt.Outcome.NOTHING_STORED : Receipt.Outcome.KEY_DESTROYED;
  }
}
