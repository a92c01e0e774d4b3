package io.mantle.privacy.detect;

/**
 * The checks that numbers of documents carry. Each takes a number in capitals and without its
 * separators, of the length its layout says, and answers whether it could have been issued.
 */
final class CheckDigits {
  private static final String LETTERS_23 = "TRWAGMYFPDXBNJZSQVHLCKE";
  private static final String LETTERS_31 = "0123456789ABCDEFHJKLMNPRSTUVWXY";

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

  private static final int[] FISCAL_ODD = {
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
  };

  private CheckDigits() {}

  private static int digit(CharSequence s, int at) {
    return s.charAt(at) - '0';
  }

  /** The sum of the digits from {@code from} on, each times its weight. */
  private static int weighted(CharSequence s, int from, int... weights) {
    int sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += digit(s, from + i) * weights[i];
    }
    return sum;
  }

  private static boolean isOneDigit(CharSequence s) {
    return s.chars().distinct().count() == 1;
  }

  private static boolean isDate(int month, int day) {
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
  }

  private static int two(CharSequence s, int at) {
    return digit(s, at) * 10 + digit(s, at + 1);
  }

  private static long number(CharSequence s, int from, int to) {
    return Long.parseLong(s, from, to, 10);
  }

  /** Canada: social insurance number. */
  static boolean canada(CharSequence s) {
    return s.charAt(0) != '8' && !isOneDigit(s) && Luhn.holds(s);
  }

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

  /** Germany: tax identification number, ISO 7064 MOD 11,10. */
  static boolean germanTax(CharSequence s) {
    int product = 10;
    for (int i = 0; i < 10; i++) {
      int sum = (digit(s, i) + product) % 10;
      product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return s.charAt(0) != '0' && (11 - product) % 10 == digit(s, 10);
  }

  /**
   * Passports and identity cards of Germany by ICAO 9303's weights 7, 3, 1: the last character
   * checks those before it.
   */
  static boolean icao(CharSequence s) {
    int sum = 0;
    int last = s.length() - 1;
    for (int i = 0; i < last; i++) {
      sum += Character.digit(s.charAt(i), 36) * (i % 3 == 0 ? 7 : i % 3 == 1 ? 3 : 1);
    }
    return CharClass.isDigit(s.charAt(last)) && sum % 10 == digit(s, last);
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
    return germanDocument(s) && icao(s);
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

  /** Spain: DNI, eight digits or seven, and its letter. */
  static boolean dni(CharSequence s) {
    int last = s.length() - 1;
    return LETTERS_23.charAt((int) (number(s, 0, last) % 23)) == s.charAt(last);
  }

  /** Spain: NIE, whose first letter stands for a digit. */
  static boolean nie(CharSequence s) {
    int first = "XYZ".indexOf(s.charAt(0));
    return first >= 0 && dni(first + s.subSequence(1, s.length()).toString());
  }

  /** Italy: codice fiscale; {@code omocodia} writes letters for digits and is not looked for. */
  static boolean codiceFiscale(CharSequence s) {
    int sum = 0;
    for (int i = 0; i < 15; i++) {
      char c = s.charAt(i);
      int value = CharClass.isDigit(c) ? c - '0' : c - 'A';
      sum += i % 2 == 0 ? FISCAL_ODD[value] : value;
    }
    return 'A' + sum % 26 == s.charAt(15);
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
    return first % 11 == digit(s, 9) && second % 11 == digit(s, 10);
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

  /** India: Aadhaar, Verhoeff; never begins 0 or 1. */
  static boolean aadhaar(CharSequence s) {
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
    return s.charAt(0) >= '2' && !isOneDigit(s) && check == 0;
  }

  /** India: PAN; the fourth letter is the kind of holder. */
  static boolean pan(CharSequence s) {
    return "ABCFGHJLPT".indexOf(s.charAt(3)) >= 0;
  }

  /** Brazil: CPF, two check digits. */
  static boolean cpf(CharSequence s) {
    int first = weighted(s, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
    int second = weighted(s, 0, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
    return !isOneDigit(s) && first == digit(s, 9) && second == digit(s, 10);
  }

  /** Brazil: CNPJ, two check digits. */
  static boolean cnpj(CharSequence s) {
    int first = weighted(s, 0, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
    int second = weighted(s, 0, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
    return !isOneDigit(s)
        && (first < 2 ? 0 : 11 - first) == digit(s, 12)
        && (second < 2 ? 0 : 11 - second) == digit(s, 13);
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

  /** Korea: resident registration number. */
  static boolean korea(CharSequence s) {
    int sum = weighted(s, 0, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5);
    return isDate(two(s, 2), two(s, 4)) && (11 - sum % 11) % 10 == digit(s, 12);
  }

  /** Korea: numbers since October 2020 have no check digit; the century follows the date. */
  static boolean koreaUnchecked(CharSequence s) {
    return isDate(two(s, 2), two(s, 4)) && s.charAt(6) >= '1' && s.charAt(6) <= '8';
  }

  /** Turkey: kimlik numarasi, two check digits. */
  static boolean turkey(CharSequence s) {
    int sum = weighted(s, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    int tenth = Math.floorMod(weighted(s, 0, 7, -1, 7, -1, 7, -1, 7, -1, 7), 10);
    return s.charAt(0) != '0' && tenth == digit(s, 9) && sum % 10 == digit(s, 10);
  }

  /** Mexico: CURP. */
  static boolean curp(CharSequence s) {
    return isDate(two(s, 6), two(s, 8)) && "HMX".indexOf(s.charAt(10)) >= 0;
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

  /** For layouts that say all there is. */
  static boolean any(CharSequence s) {
    return s.length() > 0 && !isOneDigit(s);
  }
}
