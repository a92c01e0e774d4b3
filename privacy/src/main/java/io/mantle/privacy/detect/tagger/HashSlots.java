package io.mantle.privacy.detect.tagger;

/**
 * Where hashes stand in a table of open addressing: at most half full, so that a look is short.
 * What belongs to a hash is in an array of the owner's, at the same place. The hash 0 is none.
 *
 * <p>Safe for many threads once filled.
 */
final class HashSlots {
  private final int[] keys;
  private final int mask;

  /** Room for so many hashes. */
  HashSlots(int size) {
    keys = new int[Integer.highestOneBit(Math.max(4, size)) << 2];
    mask = keys.length - 1;
  }

  /** How many slots there are. */
  int length() {
    return keys.length;
  }

  /** The hash in a slot; 0 if it is free. */
  int key(int slot) {
    return keys[slot];
  }

  /** Whether a hash is in the slot that {@link #slot} gave for it. */
  boolean holds(int slot, int key) {
    return keys[slot] == key;
  }

  /** The slot of a hash, or the free one where it would go. */
  int slot(int key) {
    int at = Hashes.mixed(key) & mask;
    while (keys[at] != 0 && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /** Takes a slot for a hash and returns it. */
  int take(int key) {
    int at = slot(key);
    keys[at] = key;
    return at;
  }
}
