package io.mantle.privacy.detect.recognizer;

import static io.mantle.privacy.detect.recognizer.CheckDigits.digit;
import static io.mantle.privacy.detect.recognizer.CheckDigits.isDate;
import static io.mantle.privacy.detect.recognizer.CheckDigits.isOneDigit;
import static io.mantle.privacy.detect.recognizer.CheckDigits.two;
import static io.mantle.privacy.detect.recognizer.CheckDigits.weighted;

import io.mantle.privacy.detect.passage.CharClass;

/** The checks of the Americas' numbers, by country. */
final class AmericasChecks {

  private AmericasChecks() {}

  /** US: taxpayer number of those without a social security number; its groups are set. */
  static boolean itin(CharSequence s) {
    int group = two(s, 3);
    return s.charAt(0) == '9'
        && ((group >= 50 && group <= 65)
            || (group >= 70 && group <= 88)
            || (group >= 90 && group <= 92)
            || (group >= 94 && group <= 99));
  }

  /** US: employer number; its first two digits name the office that gave it. */
  static boolean ein(CharSequence s) {
    int office = two(s, 0);
    return "07 08 09 17 18 19 28 29 49 69 70 78 79 89 96 97".indexOf(s.subSequence(0, 2).toString())
            < 0
        && office > 0
        && !isOneDigit(s);
  }

  /** US: Medicare beneficiary identifier, whose letters leave out S, L, O, I, B and Z. */
  static boolean mbi(CharSequence s) {
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      boolean letter = CharClass.isAsciiLetter(c);
      boolean fits =
          switch (i) {
            case 1, 4, 7, 8 -> letter;
            case 2, 5 -> true;
            default -> !letter;
          };
      if (!fits || "SLOIBZ".indexOf(c) >= 0) {
        return false;
      }
    }
    return s.charAt(0) != '0';
  }

  /** US: national provider identifier, Luhn behind the issuer's 80840. */
  static boolean npi(CharSequence s) {
    return (s.charAt(0) == '1' || s.charAt(0) == '2') && Luhn.holds("80840" + s);
  }

  /** US: DEA registration. */
  static boolean dea(CharSequence s) {
    int sum = weighted(s, 2, 1, 2, 1, 2, 1, 2);
    return "ABCDEFGHJKLMPRSTUX".indexOf(s.charAt(0)) >= 0 && sum % 10 == digit(s, 8);
  }

  /** US: routing number of the American Bankers Association. */
  static boolean aba(CharSequence s) {
    int district = two(s, 0);
    boolean issued =
        (district >= 1 && district <= 12)
            || (district >= 21 && district <= 32)
            || (district >= 61 && district <= 72)
            || district == 80;
    return issued && weighted(s, 0, 3, 7, 1, 3, 7, 1, 3, 7, 1) % 10 == 0;
  }

  /** Canada: social insurance number. */
  static boolean canada(CharSequence s) {
    return s.charAt(0) != '8' && !isOneDigit(s) && Luhn.holds(s);
  }

  /** Canada: Ontario's health number. */
  static boolean ontario(CharSequence s) {
    return s.charAt(0) != '0' && Luhn.holds(s.subSequence(0, 10));
  }

  /** Canada: Quebec's health number; a birthday follows the letters of the name. */
  static boolean quebec(CharSequence s) {
    int month = two(s, 6);
    return isDate(month > 50 ? month - 50 : month, two(s, 8));
  }

  /** Canada: British Columbia's health number, modulus 11. */
  static boolean britishColumbia(CharSequence s) {
    int check = (11 - weighted(s, 1, 2, 4, 8, 5, 10, 9, 7, 3) % 11) % 11;
    return s.charAt(0) == '9' && check == digit(s, 9);
  }

  /** Canada: a business number and its program. */
  static boolean canadianBusiness(CharSequence s) {
    String program = s.subSequence(9, 11).toString();
    return "RC RM RP RT RR RZ".contains(program) && Luhn.holds(s.subSequence(0, 9));
  }

  /** Brazil: CPF, two check digits. */
  static boolean cpf(CharSequence s) {
    int first = weighted(s, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
    int second = weighted(s, 0, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
    return !isOneDigit(s) && first == digit(s, 9) && second == digit(s, 10);
  }

  /** Brazil: CNPJ, two check digits; letters count from 17 on since 2026. */
  static boolean cnpj(CharSequence s) {
    int first = cnpjCheck(s, 12);
    return !isOneDigit(s) && first == digit(s, 12) && cnpjCheck(s, 13) == digit(s, 13);
  }

  private static int cnpjCheck(CharSequence s, int length) {
    int sum = 0;
    for (int i = 0; i < length; i++) {
      sum += (s.charAt(i) - '0') * ((length - 1 - i) % 8 + 2);
    }
    return sum % 11 < 2 ? 0 : 11 - sum % 11;
  }

  /** Brazil: PIS, PASEP and NIT of workers. */
  static boolean pis(CharSequence s) {
    int check = 11 - weighted(s, 0, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
    return !isOneDigit(s) && (check > 9 ? 0 : check) == digit(s, 10);
  }

  /** Brazil: health card, modulus 11 of all fifteen digits. */
  static boolean cns(CharSequence s) {
    return "12789".indexOf(s.charAt(0)) >= 0
        && weighted(s, 0, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
  }

  /** Brazil: driving licence, two check digits. */
  static boolean cnh(CharSequence s) {
    int first = weighted(s, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 11;
    int second = weighted(s, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) % 11;
    int less = first > 9 ? 2 : 0;
    int checked = Math.floorMod(second > 9 ? 0 : second - less, 11);
    return !isOneDigit(s) && (first > 9 ? 0 : first) == digit(s, 9) && checked == digit(s, 10);
  }

  /** Brazil: voter's number; two digits of its state and two check digits. */
  static boolean voter(CharSequence s) {
    int state = two(s, 8);
    int first = weighted(s, 0, 2, 3, 4, 5, 6, 7, 8, 9) % 11 % 10;
    int second = (weighted(s, 8, 7, 8) + first * 9) % 11 % 10;
    return state >= 1 && state <= 28 && first == digit(s, 10) && second == digit(s, 11);
  }

  /** Mexico: CURP. */
  static boolean curp(CharSequence s) {
    return isDate(two(s, 6), two(s, 8)) && "HMX".indexOf(s.charAt(10)) >= 0;
  }
}
