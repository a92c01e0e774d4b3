package io.mantle.vault.value;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a deletion did. Safe to hand on, to print and to keep: it holds no key and no value.
 *
 * @param outcome what became of the key
 * @param tenantId whose it was
 * @param conversation which one; null where all of the tenant's were meant
 * @param at when
 * @param keys of the first {@link ErasureReceipt#KEYS_MAX} sealed keys that were destroyed, and of
 *     each store, the first 16 hexadecimal digits of its SHA-256; none where there was none
 */
public record Receipt(
    Outcome outcome,
    String tenantId,
    @Nullable String conversation,
    Instant at,
    List<String> keys) {

  /** Nobody changes it any more. */
  public Receipt {
    keys = List.copyOf(keys);
  }

  /** The keys, parted by commas; null where there was none. */
  public @Nullable String key() {
    return keys.isEmpty() ? null : String.join(",", keys);
  }

  /** What became of the key. */
  public enum Outcome {
    /** There was one. It is gone, and nothing sealed under it opens again. */
    KEY_DESTROYED("key_destroyed"),

    /** There was none, so nothing was kept that it could open. */
    NOTHING_STORED("nothing_stored");

    private final String word;

    Outcome(String word) {
      this.word = word;
    }

    /** As APIs write it. */
    public String word() {
      return word;
    }
  }
}
