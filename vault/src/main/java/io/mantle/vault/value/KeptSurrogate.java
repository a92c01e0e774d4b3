package io.mantle.vault.value;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;

/**
 * A surrogate that left in an earlier request, and what it stands for. Prints neither.
 *
 * @param type what it is
 * @param surrogate what the provider saw
 * @param original what it stands for
 * @param bounded whether it is only restored where it is not part of a longer word or number
 * @param shown whether the client may have seen it, and so may mean it
 */
public record KeptSurrogate(
    EntityType type, String surrogate, Plaintext original, boolean bounded, boolean shown) {

  /** The same, which the client may have seen. */
  public KeptSurrogate asShown() {
    return new KeptSurrogate(type, surrogate, original, bounded, true);
  }

  @Override
  public String toString() {
    return "KeptSurrogate[" + type + "]";
  }
}
