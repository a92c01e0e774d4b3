package io.mantle.privacy.surrogate;

import io.mantle.privacy.value.ConversationKey;
import java.util.List;

/**
 * Random choices that are a function of a conversation's key and a seed: HMAC-SHA256 in counter
 * mode. Each choice is without bias. For one thread.
 */
final class KeyedStream {
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";

  private final ConversationKey key;
  private final byte[] seed;
  private byte[] block = new byte[0];
  private int used;
  private int blocks;

  /**
   * A stream at its start.
   *
   * @param seed not changed by the caller after this; its last four bytes are the stream's counter
   */
  KeyedStream(ConversationKey key, byte[] seed) {
    this.key = key;
    this.seed = seed;
  }

  /** A number from 0 to {@code bound - 1}, each as likely. */
  int below(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("nothing to choose from");
    }
    if (bound <= 256) {
      int limit = 256 - 256 % bound;
      while (true) {
        int drawn = nextByte();
        if (drawn < limit) {
          return drawn % bound;
        }
      }
    }
    long limit = (1L << 32) - (1L << 32) % bound;
    while (true) {
      long drawn =
          (long) nextByte() << 24 | (long) nextByte() << 16 | (long) nextByte() << 8 | nextByte();
      if (drawn < limit) {
        return (int) (drawn % bound);
      }
    }
  }

  /** A number from {@code from} to {@code to}, both included. */
  int between(int from, int to) {
    return from + below(to - from + 1);
  }

  String pick(List<String> choices) {
    return choices.get(below(choices.size()));
  }

  char pick(String alphabet) {
    return alphabet.charAt(below(alphabet.length()));
  }

  char digit() {
    return (char) ('0' + below(10));
  }

  String digits(int count) {
    StringBuilder digits = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      digits.append(digit());
    }
    return digits.toString();
  }

  char lowerLetter() {
    return pick(LOWER);
  }

  private int nextByte() {
    if (used == block.length) {
      int at = seed.length - Integer.BYTES;
      seed[at] = (byte) (blocks >>> 24);
      seed[at + 1] = (byte) (blocks >>> 16);
      seed[at + 2] = (byte) (blocks >>> 8);
      seed[at + 3] = (byte) blocks;
      blocks++;
      block = key.hash(seed);
      used = 0;
    }
    return block[used++] & 0xff;
  }
}
