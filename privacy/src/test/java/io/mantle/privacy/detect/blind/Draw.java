package io.mantle.privacy.detect.blind;

import java.util.List;
import java.util.Random;

/** Draws from a seeded source, so that every run makes the same texts. Not for several threads. */
record Draw(Random random) {
  static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  static final String ALPHANUMERIC =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  static Draw seeded(long seed) {
    return new Draw(new Random(seed));
  }

  /** From {@code least} to {@code most}, both included. */
  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  boolean chance(double share) {
    return random.nextDouble() < share;
  }

  String of(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  String of(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  String chars(String alphabet, int length) {
    StringBuilder drawn = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      drawn.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return drawn.toString();
  }

  /**
   * Replaces {@code 9} by a digit, {@code 8} by a digit from 1, {@code A} by a capital, {@code H}
   * by a digit or capital, {@code x} by a hexadecimal digit, {@code *} by a letter or digit; what
   * stands behind a backslash, and everything else, stays.
   */
  String filled(String pattern) {
    StringBuilder drawn = new StringBuilder(pattern.length());
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      switch (c) {
        case '\\' -> drawn.append(pattern.charAt(++i));
        case '9' -> drawn.append((char) ('0' + random.nextInt(10)));
        case '8' -> drawn.append((char) ('1' + random.nextInt(9)));
        case 'A' -> drawn.append(chars(LETTERS, 1));
        case 'H' -> drawn.append(chars(LETTERS + "0123456789", 1));
        case 'x' -> drawn.append(chars("0123456789abcdef", 1));
        case '*' -> drawn.append(chars(ALPHANUMERIC, 1));
        default -> drawn.append(c);
      }
    }
    return drawn.toString();
  }
}
