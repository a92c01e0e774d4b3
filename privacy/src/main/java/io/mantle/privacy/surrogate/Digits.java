package io.mantle.privacy.surrogate;

/** The digits of a text, of any script, read as ASCII and written back in their places. */
final class Digits {
  private Digits() {}

  static String of(String text) {
    StringBuilder digits = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      int value = Character.digit(text.charAt(i), 10);
      if (value >= 0) {
        digits.append((char) ('0' + value));
      }
    }
    return digits.toString();
  }

  /**
   * {@code text} with its digits replaced, in order, by {@code digits}, of which it has as many.
   */
  static String replaced(String text, CharSequence digits) {
    StringBuilder out = new StringBuilder(text);
    int next = 0;
    for (int i = 0; i < out.length(); i++) {
      int value = Character.digit(out.charAt(i), 10);
      if (value >= 0) {
        char zero = (char) (out.charAt(i) - value);
        out.setCharAt(i, (char) (zero + (digits.charAt(next++) - '0')));
      }
    }
    return out.toString();
  }

  /** The digit that makes {@code payload} followed by it pass the Luhn check (ISO/IEC 7812-1). */
  static char luhnCheckDigit(CharSequence payload) {
    int sum = 0;
    for (int i = payload.length() - 1, weight = 2; i >= 0; i--, weight = 3 - weight) {
      int product = (payload.charAt(i) - '0') * weight;
      sum += product > 9 ? product - 9 : product;
    }
    return (char) ('0' + (10 - sum % 10) % 10);
  }
}
