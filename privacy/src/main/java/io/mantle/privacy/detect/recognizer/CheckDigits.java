package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;

/**
 * The arithmetic that the check digits of documents share. Every check takes a number in capitals
 * and without its separators, of the length its layout says, and answers whether it could have been
 * issued.
 */
final class CheckDigits {
  /** Verhoeff's dihedral group of order ten, and his permutation. */
  private static final int[][] VERHOEFF_PRODUCT = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
    {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
    {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
    {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
    {4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
    {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
    {6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
    {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
    {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
    {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}
  };

  private static final int[] VERHOEFF_STEP = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};

  private CheckDigits() {}

  static int digit(CharSequence s, int at) {
    return s.charAt(at) - '0';
  }

  /** The sum of the digits from {@code from} on, each times its weight. */
  static int weighted(CharSequence s, int from, int... weights) {
    int sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += digit(s, from + i) * weights[i];
    }
    return sum;
  }

  static boolean isOneDigit(CharSequence s) {
    return s.chars().distinct().count() == 1;
  }

  static boolean isDate(int month, int day) {
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
  }

  static int two(CharSequence s, int at) {
    return digit(s, at) * 10 + digit(s, at + 1);
  }

  static long number(CharSequence s, int from, int to) {
    return Long.parseLong(s, from, to, 10);
  }

  /** ISO 7064 MOD 11,10 over all but the last digit. */
  static boolean mod11And10(CharSequence s) {
    int product = 10;
    int last = s.length() - 1;
    for (int i = 0; i < last; i++) {
      int sum = (digit(s, i) + product) % 10;
      product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (11 - product) % 10 == digit(s, last);
  }

  /** Verhoeff's check over all digits. */
  static boolean verhoeff(CharSequence s) {
    int check = 0;
    int step = 0;
    for (int i = s.length() - 1; i >= 0; i--) {
      int permuted = digit(s, i);
      for (int round = 0; round < step % 8; round++) {
        permuted = VERHOEFF_STEP[permuted];
      }
      check = VERHOEFF_PRODUCT[check][permuted];
      step++;
    }
    return check == 0;
  }

  /** The weights 7, 3, 1 of ICAO 9303: the last character checks those before it. */
  static boolean icao(CharSequence s) {
    int last = s.length() - 1;
    return CharClass.isDigit(s.charAt(last)) && icaoSum(s, 0, last) % 10 == digit(s, last);
  }

  static int icaoSum(CharSequence s, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      int weight = (i - from) % 3 == 0 ? 7 : (i - from) % 3 == 1 ? 3 : 1;
      sum += Character.digit(s.charAt(i), 36) * weight;
    }
    return sum;
  }

  /** Luhn's check over alphabets of 36 characters, as India's tax office uses it. */
  static boolean luhn36(CharSequence s) {
    int sum = 0;
    for (int i = s.length() - 1, place = 0; i >= 0; i--, place++) {
      int value = Character.digit(s.charAt(i), 36) * (place % 2 + 1);
      sum += value / 36 + value % 36;
    }
    return sum % 36 == 0;
  }

  /** The sum of the digits of {@code n}. */
  static int crossSum(int n) {
    return n < 10 ? n : n % 10 + crossSum(n / 10);
  }

  /** The same digit does not stand everywhere; for layouts that say all there is. */
  static boolean any(CharSequence s) {
    return s.length() > 0 && !isOneDigit(s);
  }

  /** {@code 123456789} and {@code 987654321} are what people type for want of a number. */
  static boolean isCounting(CharSequence s) {
    int step = s.length() < 2 ? 0 : s.charAt(1) - s.charAt(0);
    for (int i = 2; i < s.length(); i++) {
      if (Math.floorMod(s.charAt(i) - s.charAt(i - 1) - step, 10) != 0) {
        return false;
      }
    }
    return step == 1 || step == -1;
  }
}
