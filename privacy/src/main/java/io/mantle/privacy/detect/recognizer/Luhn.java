package io.mantle.privacy.detect.recognizer;

/** The check digit of ISO/IEC 7812-1, annex B. */
final class Luhn {
  private Luhn() {}

  /** Whether {@code digits}, all of them ASCII digits, ends in its own check digit. */
  static boolean holds(CharSequence digits) {
    int sum = 0;
    boolean doubled = false;
    for (int i = digits.length() - 1; i >= 0; i--) {
      int digit = digits.charAt(i) - '0';
      if (doubled) {
        digit = digit > 4 ? digit * 2 - 9 : digit * 2;
      }
      sum += digit;
      doubled = !doubled;
    }
    return sum % 10 == 0;
  }
}
