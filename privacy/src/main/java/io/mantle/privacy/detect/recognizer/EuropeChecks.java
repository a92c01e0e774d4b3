package io.mantle.privacy.detect.recognizer;

import static io.mantle.privacy.detect.recognizer.CheckDigits.digit;
import static io.mantle.privacy.detect.recognizer.CheckDigits.isDate;
import static io.mantle.privacy.detect.recognizer.CheckDigits.isOneDigit;
import static io.mantle.privacy.detect.recognizer.CheckDigits.number;
import static io.mantle.privacy.detect.recognizer.CheckDigits.two;
import static io.mantle.privacy.detect.recognizer.CheckDigits.weighted;

import io.mantle.privacy.detect.passage.CharClass;

/** The checks of Europe's numbers, by country. */
final class EuropeChecks {
  private static final String LETTERS_23 = "TRWAGMYFPDXBNJZSQVHLCKE";
  private static final String LETTERS_31 = "0123456789ABCDEFHJKLMNPRSTUVWXY";

  private static final int[] FISCAL_ODD = {
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
  };

  private EuropeChecks() {}

  /** UK: national insurance number; HMRC's prefixes that are never used. */
  static boolean nino(CharSequence s) {
    String prefix = s.subSequence(0, 2).toString();
    return "DFIQUV".indexOf(prefix.charAt(0)) < 0
        && "DFIQUVO".indexOf(prefix.charAt(1)) < 0
        && !"BG GB KN NK NT TN ZZ".contains(prefix)
        && (s.length() == 8 || (s.charAt(8) >= 'A' && s.charAt(8) <= 'D'));
  }

  /** UK: NHS number, modulus 11. */
  static boolean nhs(CharSequence s) {
    int check = 11 - weighted(s, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
    return !isOneDigit(s) && (check == 11 ? 0 : check) == digit(s, 9);
  }

  /** UK: unique taxpayer reference, whose first digit checks the others. */
  static boolean utr(CharSequence s) {
    return !isOneDigit(s)
        && "21987654321".charAt(weighted(s, 1, 6, 7, 8, 9, 10, 5, 4, 3, 2) % 11) == s.charAt(0);
  }

  /** UK: driving licence; a birthday is wound into its digits, women's months are 50 higher. */
  static boolean britishDriver(CharSequence s) {
    int month = two(s, 6);
    return isDate(month > 50 ? month - 50 : month, two(s, 8));
  }

  /**
   * Germany: tax identification number. Of the first ten digits none stands more than three times.
   */
  static boolean germanTax(CharSequence s) {
    int[] counts = new int[10];
    for (int i = 0; i < 10; i++) {
      if (++counts[digit(s, i)] > 3) {
        return false;
      }
    }
    return s.charAt(0) != '0' && CheckDigits.mod11And10(s);
  }

  /**
   * Germany: pension insurance. Area, birthday, the name's letter as two digits, serial; digit sums
   * of products.
   */
  static boolean germanPension(CharSequence s) {
    int letter = s.charAt(8) - 'A' + 1;
    int sum = 0;
    int[] weights = {2, 1, 2, 5, 7, 1, 2, 1};
    for (int i = 0; i < 8; i++) {
      sum += CheckDigits.crossSum(digit(s, i) * weights[i]);
    }
    sum += CheckDigits.crossSum(letter / 10 * 2) + CheckDigits.crossSum(letter % 10);
    sum += CheckDigits.crossSum(digit(s, 9) * 2) + CheckDigits.crossSum(digit(s, 10));
    return isDate(two(s, 4), two(s, 2) % 50) && sum % 10 == digit(s, 11);
  }

  /** Germany: health insurance, a letter as two digits and nine digits; digit sums of products. */
  static boolean germanHealth(CharSequence s) {
    int letter = s.charAt(0) - 'A' + 1;
    int sum = letter / 10 + CheckDigits.crossSum(letter % 10 * 2);
    for (int i = 1; i < 9; i++) {
      sum += CheckDigits.crossSum(digit(s, i) * (i % 2 == 1 ? 1 : 2));
    }
    return sum % 10 == digit(s, 9);
  }

  /** Germany's documents: the letters that serials are made of, a digit among them. */
  static boolean germanDocument(CharSequence s) {
    int digits = 0;
    for (int i = 0; i < s.length(); i++) {
      if ("0123456789CFGHJKLMNPRTVWXYZ".indexOf(s.charAt(i)) < 0) {
        return false;
      }
      digits += CharClass.isDigit(s.charAt(i)) ? 1 : 0;
    }
    return digits >= 3 && "LMNPRTVWXYCFGHJK".indexOf(s.charAt(0)) >= 0;
  }

  static boolean germanDocumentChecked(CharSequence s) {
    return germanDocument(s) && CheckDigits.icao(s);
  }

  /** France: NIR with its key, modulus 97; Corsica's 2A and 2B. */
  static boolean nir(CharSequence s) {
    int month = two(s, 3);
    boolean months = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
    String digits = s.toString();
    long corsica = 0;
    if (digits.charAt(6) == 'A' || digits.charAt(6) == 'B') {
      corsica = digits.charAt(6) == 'A' ? 1_000_000L : 2_000_000L;
      digits = digits.substring(0, 6) + '0' + digits.substring(7);
    }
    if (!months || !digits.chars().allMatch(c -> CharClass.isDigit((char) c))) {
      return false;
    }
    long body = number(digits, 0, 13) - corsica;
    return "123478".indexOf(s.charAt(0)) >= 0 && 97 - body % 97 == two(s, 13);
  }

  /** France: health insurance number without its key; a birth month and a department. */
  static boolean nirBody(CharSequence s) {
    return "12".indexOf(s.charAt(0)) >= 0 && isDate(two(s, 3), 1) && !isOneDigit(s);
  }

  /** France: tax number, modulus 511. */
  static boolean spi(CharSequence s) {
    return s.charAt(0) <= '3' && number(s, 0, 10) % 511 == number(s, 10, 13);
  }

  /** Spain: DNI, eight digits or seven, and its letter. */
  static boolean dni(CharSequence s) {
    int last = s.length() - 1;
    return LETTERS_23.charAt((int) (number(s, 0, last) % 23)) == s.charAt(last);
  }

  /** A DNI that is no number of a program: {@code 19190115L}. */
  static boolean dniNoLiteral(CharSequence s) {
    return "LDF".indexOf(s.charAt(s.length() - 1)) < 0 && dni(s);
  }

  /** Spain: NIE, whose first letter stands for a digit. */
  static boolean nie(CharSequence s) {
    int first = "XYZ".indexOf(s.charAt(0));
    return first >= 0 && dni(first + s.subSequence(1, s.length()).toString());
  }

  /** Spain: CIF of companies; the control is a digit or the letter that stands for it. */
  static boolean cif(CharSequence s) {
    int sum = 0;
    for (int i = 1; i < 8; i++) {
      sum += i % 2 == 1 ? CheckDigits.crossSum(digit(s, i) * 2) : digit(s, i);
    }
    int check = (10 - sum % 10) % 10;
    char last = s.charAt(8);
    return "ABCDEFGHJNPQRSUVW".indexOf(s.charAt(0)) >= 0
        && (last == '0' + check || last == "JABCDEFGHI".charAt(check));
  }

  /** Spain: social security number, modulus 97. */
  static boolean spanishSecurity(CharSequence s) {
    long serial = number(s, 2, 10);
    long body = serial < 10_000_000 ? two(s, 0) * 10_000_000L + serial : number(s, 0, 10);
    return body % 97 == number(s, 10, 12);
  }

  /**
   * Italy: codice fiscale, its month's letter right and the last one a check over the others;
   * letters may stand for its last digits where two persons would share one.
   */
  static boolean codiceFiscale(CharSequence s) {
    int sum = 0;
    for (int i = 0; i < 15; i++) {
      char c = s.charAt(i);
      boolean digit = CharClass.isDigit(c);
      boolean number = i == 6 || i == 7 || i == 9 || i == 10 || i > 11;
      if (number ? !digit && "LMNPQRSTUV".indexOf(c) < 0 : digit) {
        return false;
      }
      int value = digit ? c - '0' : c - 'A';
      sum += i % 2 == 0 ? FISCAL_ODD[value] : value;
    }
    return "ABCDEHLMPRST".indexOf(s.charAt(8)) >= 0 && 'A' + sum % 26 == s.charAt(15);
  }

  /** Italy: partita IVA, Luhn; the office's number is in it. */
  static boolean partitaIva(CharSequence s) {
    long office = number(s, 7, 10);
    return number(s, 0, 7) > 0
        && ((office >= 1 && office <= 100) || office == 120 || office == 121 || office >= 888)
        && Luhn.holds(s);
  }

  /** Netherlands: BSN, the eleven test. */
  static boolean bsn(CharSequence s) {
    return !isOneDigit(s) && (weighted(s, 0, 9, 8, 7, 6, 5, 4, 3, 2) - digit(s, 8)) % 11 == 0;
  }

  /** Poland: PESEL; the century is in the month. */
  static boolean pesel(CharSequence s) {
    int sum = weighted(s, 0, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3);
    return isDate(two(s, 2) % 20, two(s, 4)) && (10 - sum % 10) % 10 == digit(s, 10);
  }

  /** Poland: NIP. */
  static boolean nip(CharSequence s) {
    return !isOneDigit(s) && weighted(s, 0, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 == digit(s, 9);
  }

  /** Poland: identity card, three letters, a check digit and five digits. */
  static boolean polishCard(CharSequence s) {
    int sum = 0;
    int[] weights = {7, 3, 1, 9, 7, 3, 1, 7, 3};
    for (int i = 0; i < 9; i++) {
      sum += Character.digit(s.charAt(i), 36) * weights[i];
    }
    return sum % 10 == 0;
  }

  /** Poland: passport, two letters, a check digit and six digits. */
  static boolean polishPassport(CharSequence s) {
    int sum = 0;
    int[] weights = {7, 3, 9, 1, 7, 3, 1, 7, 3};
    for (int i = 0; i < 9; i++) {
      sum += Character.digit(s.charAt(i), 36) * weights[i];
    }
    return sum % 10 == 0;
  }

  /** Poland: bank account, an IBAN without its country. */
  static boolean polishAccount(CharSequence s) {
    int remainder = 0;
    for (char c : (s.subSequence(2, 26) + "2521" + s.subSequence(0, 2)).toCharArray()) {
      remainder = (remainder * 10 + c - '0') % 97;
    }
    return remainder == 1;
  }

  /** Poland: REGON of nine digits. */
  static boolean regon(CharSequence s) {
    return !isOneDigit(s) && weighted(s, 0, 8, 9, 2, 3, 4, 5, 6, 7) % 11 % 10 == digit(s, 8);
  }

  /** Sweden: personnummer; 60 is added to the day of a coordination number. */
  static boolean personnummer(CharSequence s) {
    CharSequence ten = s.subSequence(s.length() - 10, s.length());
    int day = two(ten, 4);
    return isDate(two(ten, 2), day > 60 ? day - 60 : day) && Luhn.holds(ten);
  }

  /** Finland: henkilotunnus, modulus 31. */
  static boolean hetu(CharSequence s) {
    int length = s.length();
    String digits = s.subSequence(0, 6).toString() + s.subSequence(length - 4, length - 1);
    return isDate(two(s, 2), two(s, 0))
        && (length == 10 || "ABCDEFUVWXY".indexOf(s.charAt(6)) >= 0)
        && LETTERS_31.charAt((int) (number(digits, 0, 9) % 31)) == s.charAt(length - 1);
  }

  /** Denmark: CPR; its modulus is no longer kept, so a date is all there is. */
  static boolean cpr(CharSequence s) {
    return isDate(two(s, 2), two(s, 0));
  }

  /** Norway: fodselsnummer, two check digits. */
  static boolean fodselsnummer(CharSequence s) {
    int first = 11 - weighted(s, 0, 3, 7, 6, 1, 8, 9, 4, 5, 2) % 11;
    int second = 11 - weighted(s, 0, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
    boolean date = isDate(two(s, 2) % 40, two(s, 0) % 40);
    return date && first % 11 == digit(s, 9) && second % 11 == digit(s, 10);
  }

  /** Belgium: national register number, modulus 97, with a 2 before it since the year 2000. */
  static boolean belgium(CharSequence s) {
    long body = number(s, 0, 9);
    int check = two(s, 9);
    boolean holds = 97 - body % 97 == check || 97 - (2_000_000_000L + body) % 97 == check;
    return two(s, 2) <= 12 && two(s, 4) <= 31 && holds;
  }

  /** Switzerland: AHV number, an EAN-13 that begins 756. */
  static boolean ahv(CharSequence s) {
    int sum = weighted(s, 0, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3);
    return s.toString().startsWith("756") && (10 - sum % 10) % 10 == digit(s, 12);
  }

  /** Portugal: NIF. */
  static boolean portugal(CharSequence s) {
    int check = 11 - weighted(s, 0, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
    return !isOneDigit(s) && (check > 9 ? 0 : check) == digit(s, 8);
  }
}
