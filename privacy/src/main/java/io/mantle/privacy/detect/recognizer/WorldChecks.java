package io.mantle.privacy.detect.recognizer;

import static io.mantle.privacy.detect.recognizer.CheckDigits.digit;
import static io.mantle.privacy.detect.recognizer.CheckDigits.isDate;
import static io.mantle.privacy.detect.recognizer.CheckDigits.isOneDigit;
import static io.mantle.privacy.detect.recognizer.CheckDigits.two;
import static io.mantle.privacy.detect.recognizer.CheckDigits.weighted;

/** The checks of Asia's, Australia's and Africa's numbers, by country. */
final class WorldChecks {

  private WorldChecks() {}

  /** India: Aadhaar, Verhoeff; never begins 0 or 1. */
  static boolean aadhaar(CharSequence s) {
    return s.charAt(0) >= '2' && !isOneDigit(s) && CheckDigits.verhoeff(s);
  }

  /** India: PAN; the fourth letter is the kind of holder. */
  static boolean pan(CharSequence s) {
    return "ABCFGHJKLPT".indexOf(s.charAt(3)) >= 0;
  }

  /** India: tax number of a business; a state, a PAN, and Luhn over 36 characters. */
  static boolean gstin(CharSequence s) {
    int state = two(s, 0);
    return state >= 1
        && state <= 38
        && pan(s.subSequence(2, 12))
        && s.charAt(13) == 'Z'
        && CheckDigits.luhn36(s);
  }

  /** Australia: tax file number. */
  static boolean tfn(CharSequence s) {
    return !isOneDigit(s) && weighted(s, 0, 1, 4, 3, 7, 5, 8, 6, 9, 10) % 11 == 0;
  }

  /** Australia: business number, modulus 89 of the number whose first digit is one less. */
  static boolean abn(CharSequence s) {
    return (weighted(s, 0, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19) - 10) % 89 == 0;
  }

  /** Australia: company number. */
  static boolean acn(CharSequence s) {
    int sum = weighted(s, 0, 8, 7, 6, 5, 4, 3, 2, 1);
    return !isOneDigit(s) && (10 - sum % 10) % 10 == digit(s, 8);
  }

  /** Australia: Medicare card. */
  static boolean medicareAustralia(CharSequence s) {
    return s.charAt(0) >= '2'
        && s.charAt(0) <= '6'
        && weighted(s, 0, 1, 3, 7, 9, 1, 3, 7, 9) % 10 == digit(s, 8);
  }

  /** Australia: healthcare identifier. */
  static boolean ihi(CharSequence s) {
    return s.toString().startsWith("80036") && Luhn.holds(s);
  }

  /** Singapore: NRIC and FIN. */
  static boolean nric(CharSequence s) {
    int sum = weighted(s, 1, 2, 7, 6, 5, 4, 3, 2);
    return switch (s.charAt(0)) {
      case 'S' -> "JZIHGFEDCBA".charAt(sum % 11) == s.charAt(8);
      case 'T' -> "JZIHGFEDCBA".charAt((sum + 4) % 11) == s.charAt(8);
      case 'F' -> "XWUTRQPNMLK".charAt(sum % 11) == s.charAt(8);
      case 'G' -> "XWUTRQPNMLK".charAt((sum + 4) % 11) == s.charAt(8);
      case 'M' -> "XWUTRQPNJLK".charAt((sum + 3) % 11) == s.charAt(8);
      default -> false;
    };
  }

  /** Singapore: entity number of those that are no companies; the last letter checks. */
  static boolean uen(CharSequence s) {
    String alphabet = "ABCDEFGHJKLMNPQRSTUVWX0123456789";
    int[] weights = {4, 3, 5, 3, 10, 2, 2, 5, 7};
    int sum = 0;
    for (int i = 0; i < 9; i++) {
      sum += alphabet.indexOf(s.charAt(i)) * weights[i];
    }
    return "RST".indexOf(s.charAt(0)) >= 0
        && alphabet.charAt(Math.floorMod(sum - 5, 11)) == s.charAt(9);
  }

  /** Singapore: entity number of companies, which begins with a year. */
  static boolean uenCompany(CharSequence s) {
    int sum = weighted(s, 0, 10, 8, 6, 4, 9, 7, 5, 3, 1);
    return "ZKCMDNERGWH".charAt(sum % 11) == s.charAt(9);
  }

  /** Singapore: entity number of businesses. */
  static boolean uenBusiness(CharSequence s) {
    return "XMKECAWLJDB".charAt(weighted(s, 0, 10, 4, 9, 3, 8, 2, 7, 1) % 11) == s.charAt(8);
  }

  /** Korea: resident registration number. */
  static boolean korea(CharSequence s) {
    int sum = weighted(s, 0, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5);
    return isDate(two(s, 2), two(s, 4)) && (11 - sum % 11) % 10 == digit(s, 12);
  }

  /** Korea: numbers since October 2020 have no check digit; the century follows the date. */
  static boolean koreaUnchecked(CharSequence s) {
    return isDate(two(s, 2), two(s, 4))
        && s.charAt(6) >= '1'
        && s.charAt(6) <= '8'
        && !isOneDigit(s);
  }

  /** Turkey: kimlik numarasi, two check digits. */
  static boolean turkey(CharSequence s) {
    int sum = weighted(s, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    int tenth = Math.floorMod(weighted(s, 0, 7, -1, 7, -1, 7, -1, 7, -1, 7), 10);
    return s.charAt(0) != '0' && tenth == digit(s, 9) && sum % 10 == digit(s, 10);
  }

  /** Thailand: identity number. */
  static boolean thailand(CharSequence s) {
    int sum = weighted(s, 0, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2);
    return s.charAt(0) != '0' && !isOneDigit(s) && (11 - sum % 11) % 10 == digit(s, 12);
  }

  /** South Africa: identity number; a birthday, a sex, a status and Luhn. */
  static boolean southAfrica(CharSequence s) {
    return isDate(two(s, 2), two(s, 4)) && s.charAt(10) <= '2' && Luhn.holds(s);
  }
}
