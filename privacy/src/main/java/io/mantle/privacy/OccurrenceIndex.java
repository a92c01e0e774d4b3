package io.mantle.privacy;

import io.mantle.privacy.value.Plaintext;
import java.util.List;

/**
 * Answers whether a candidate surrogate already stands in one of the texts, in whatever case: then
 * it must not be used, or the text's own value would be "restored" into somebody else's.
 *
 * <p>A bit for each hash of four neighbouring characters says "no" for nearly every candidate after
 * a handful of look-ups; only a candidate whose every quadruple occurs is searched for. Memory: at
 * most {@link #BITS_MAX} bits.
 */
final class OccurrenceIndex {
  private static final int GRAM = 4;
  private static final int BITS_MAX = 1 << 26;

  private final List<Plaintext> texts;
  private final long[] bits;
  private final int shift;

  OccurrenceIndex(List<Plaintext> texts) {
    this.texts = texts;
    long chars = 0;
    for (Plaintext text : texts) {
      chars += text.length();
    }
    int size = (int) Math.min(BITS_MAX, Math.max(1024, Long.highestOneBit(chars) * 16));
    this.bits = new long[size / 64];
    this.shift = Long.SIZE - Integer.numberOfTrailingZeros(size);
    for (Plaintext text : texts) {
      String s = text.reveal();
      long gram = 0;
      for (int i = 0; i < s.length(); i++) {
        gram = (gram << Character.SIZE) | folded(s.charAt(i));
        if (i >= GRAM - 1) {
          int bit = bit(gram);
          bits[bit >>> 6] |= 1L << bit;
        }
      }
    }
  }

  boolean occurs(String candidate) {
    long gram = 0;
    for (int i = 0; i < candidate.length(); i++) {
      gram = (gram << Character.SIZE) | folded(candidate.charAt(i));
      if (i >= GRAM - 1) {
        int bit = bit(gram);
        if ((bits[bit >>> 6] & (1L << bit)) == 0) {
          return false;
        }
      }
    }
    for (Plaintext text : texts) {
      if (contains(text.reveal(), candidate)) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(String text, String candidate) {
    for (int i = 0; i + candidate.length() <= text.length(); i++) {
      if (text.regionMatches(true, i, candidate, 0, candidate.length())) {
        return true;
      }
    }
    return false;
  }

  /** Four characters are 64 bits, so the gram is the characters themselves. */
  private int bit(long gram) {
    return (int) ((gram * 0x9E3779B97F4A7C15L) >>> shift);
  }

  /** Folded as regionMatches folds. */
  private static char folded(char c) {
    if (c < 128) {
      return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
    }
    return Character.toLowerCase(Character.toUpperCase(c));
  }
}
