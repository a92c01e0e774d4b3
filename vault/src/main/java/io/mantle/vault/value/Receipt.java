package io.mantle.vault.value;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a deletion did. Safe to hand on, to print and to keep: it holds no key and no value.
 *
 * @param outcome what became of the key
 * @param tenantId whose it was
 * @param conversation which one; null where all of the tenant's were meant
 * @param at when
 * @param key the first 16 hexadecimal digits of the SHA-256 of the sealed key that was destroyed;
 *     null where there was none
 */
public record Receipt(
    Outcome outcome,
    String tenantId,
    @Nullable String conversation,
    Instant at,
    @Nullable String key) {

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
