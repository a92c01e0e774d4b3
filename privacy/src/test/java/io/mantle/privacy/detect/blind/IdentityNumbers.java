package io.mantle.privacy.detect.blind;

/** Numbers that states and health services give to people, with right check digits. */
final class IdentityNumbers {
  private final Draw draw;

  IdentityNumbers(Draw draw) {
    this.draw = draw;
  }

  String national(String country) {
    return switch (country) {
      case "CA" -> grouped(withLuhn(draw.between(1, 7) + draw.filled("9999999")), 3, 3, 3);
      case "UK" -> nationalInsurance();
      case "DE" -> steuerId();
      case "FR" -> nir();
      case "ES" -> dni();
      case "ESX" -> nie();
      case "IT" -> codiceFiscale();
      case "NL" -> bsn();
      case "PL" -> pesel();
      case "SE" -> personnummer();
      case "IN" -> grouped(aadhaar(), 4, 4, 4);
      case "PAN" -> draw.filled("AAA") + "P" + draw.filled("A9999A");
      case "BR" -> cpf();
      case "AU" -> grouped(taxFileNumber(), 3, 3, 3);
      case "SG" -> nric();
      case "ITIN" ->
          "9" + draw.filled("99") + "-" + draw.between(70, 88) + "-" + draw.filled("9999");
      default -> throw new IllegalArgumentException("no number of " + country);
    };
  }

  String nhs() {
    while (true) {
      String nine = draw.filled("899999999");
      int check = 11 - weighted(nine, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
      if (check != 10) {
        return grouped(nine + check % 11, 3, 3, 4);
      }
    }
  }

  /** A Medicare beneficiary identifier: CMS's positions, without its excluded letters. */
  String mbi() {
    String letters = "ACDEFGHJKMNPQRTUVWXY";
    StringBuilder id = new StringBuilder();
    String kinds = "CLHNLHNLLNN";
    for (int i = 0; i < kinds.length(); i++) {
      id.append(
          switch (kinds.charAt(i)) {
            case 'C' -> String.valueOf(draw.between(1, 9));
            case 'L' -> draw.chars(letters, 1);
            case 'H' -> draw.chars(letters + "0123456789", 1);
            default -> draw.filled("9");
          });
    }
    return draw.chance(0.5) ? id.insert(7, '-').insert(4, '-').toString() : id.toString();
  }

  String npi() {
    String nine = draw.between(1, 2) + draw.filled("99999999");
    return withLuhn("80840" + nine).substring(5);
  }

  /** The unchanging part of a German health insurance number. */
  String krankenversichertennummer() {
    char letter = draw.chars(Draw.LETTERS, 1).charAt(0);
    String digits = draw.filled("99999999");
    String all = String.format("%02d", letter - 'A' + 1) + digits;
    int sum = 0;
    for (int i = 0; i < all.length(); i++) {
      int product = (all.charAt(i) - '0') * (i % 2 + 1);
      sum += product / 10 + product % 10;
    }
    return letter + digits + sum % 10;
  }

  String australianMedicare() {
    String eight = draw.between(2, 6) + draw.filled("9999999");
    int check = weighted(eight, 1, 3, 7, 9, 1, 3, 7, 9) % 10;
    return grouped(eight + check + draw.between(1, 9), 4, 5, 1);
  }

  private String nationalInsurance() {
    String prefix =
        draw.chars("ACEHJLMNPRSTWXY", 1) + draw.chars("ACEHJLMPRSTWXY", 1); // none of HMRC's unused
    String number = prefix + draw.filled("999999") + draw.chars("ABCD", 1);
    return draw.chance(0.5) ? spaced(number, 2, 2, 2, 2, 1) : number;
  }

  private String steuerId() {
    while (true) {
      String ten = draw.filled("8999999999");
      long distinct = ten.chars().distinct().count();
      if (distinct == 9) {
        int product = 10;
        for (int i = 0; i < ten.length(); i++) {
          int sum = (ten.charAt(i) - '0' + product) % 10;
          product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        int check = 11 - product;
        String number = ten + (check == 10 ? 0 : check);
        return draw.chance(0.4) ? spaced(number, 2, 3, 3, 3) : number;
      }
    }
  }

  private String nir() {
    String number =
        draw.of("1", "2")
            + String.format(
                "%02d%02d%02d%03d%03d",
                draw.between(30, 99),
                draw.between(1, 12),
                draw.between(21, 95),
                draw.between(1, 900),
                draw.between(1, 999));
    String key = String.format("%02d", 97 - Long.parseLong(number) % 97);
    return draw.chance(0.6) ? spaced(number + key, 1, 2, 2, 2, 3, 3, 2) : number + key;
  }

  private static final String DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

  private String dni() {
    String number = draw.filled("99999999");
    char letter = DNI_LETTERS.charAt(Integer.parseInt(number) % 23);
    return number + (draw.chance(0.4) ? "-" : "") + letter;
  }

  private String nie() {
    int lead = draw.between(0, 2);
    String seven = draw.filled("9999999");
    return "XYZ".charAt(lead) + seven + DNI_LETTERS.charAt(Integer.parseInt(lead + seven) % 23);
  }

  private String codiceFiscale() {
    String consonants = "BCDFGLMNPRSTVZ";
    String fifteen =
        draw.chars(consonants, 6)
            + String.format("%02d", draw.between(30, 99))
            + draw.chars("ABCDEHLMPRST", 1)
            + String.format("%02d", draw.between(1, 28) + (draw.chance(0.5) ? 40 : 0))
            + draw.chars("ABCDEFGHIL", 1)
            + draw.filled("999");
    int[] odd = {
      1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };
    int sum = 0;
    for (int i = 0; i < 15; i++) {
      char c = fifteen.charAt(i);
      int value = c <= '9' ? c - '0' : c - 'A';
      sum += i % 2 == 0 ? odd[value] : value;
    }
    return fifteen + (char) ('A' + sum % 26);
  }

  private String bsn() {
    while (true) {
      String eight = draw.filled("89999999");
      int check = weighted(eight, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
      if (check < 10) {
        return eight + check;
      }
    }
  }

  private String pesel() {
    String ten =
        String.format(
                "%02d%02d%02d", draw.between(40, 99), draw.between(1, 12), draw.between(1, 28))
            + draw.filled("9999");
    return ten + (10 - weighted(ten, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3) % 10) % 10;
  }

  private String personnummer() {
    String nine =
        String.format(
                "%02d%02d%02d", draw.between(40, 99), draw.between(1, 12), draw.between(1, 28))
            + draw.filled("999");
    String number = withLuhn(nine);
    return (draw.chance(0.5) ? "19" : "") + number.substring(0, 6) + "-" + number.substring(6);
  }

  private String aadhaar() {
    String eleven = draw.between(2, 9) + draw.filled("9999999999");
    int[][] product = new int[10][10];
    int[][] permutation = new int[8][10];
    for (int i = 0; i < 10; i++) {
      for (int j = 0; j < 10; j++) {
        product[i][j] =
            i < 5
                ? (j < 5 ? (i + j) % 5 : (i + j) % 5 + 5)
                : (j < 5 ? (i - j + 5) % 5 + 5 : (i - j + 10) % 5);
      }
    }
    permutation[0] = new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    permutation[1] = new int[] {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
    for (int i = 2; i < 8; i++) {
      for (int j = 0; j < 10; j++) {
        permutation[i][j] = permutation[i - 1][permutation[1][j]];
      }
    }
    for (int check = 0; check < 10; check++) {
      String number = eleven + check;
      int state = 0;
      for (int i = 0; i < 12; i++) {
        state = product[state][permutation[i % 8][number.charAt(11 - i) - '0']];
      }
      if (state == 0) {
        return number;
      }
    }
    throw new AssertionError("Verhoeff's scheme has a check digit for every number");
  }

  private String cpf() {
    String nine = draw.filled("999999999");
    int first = weighted(nine, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
    int second = weighted(nine + first, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
    String number = nine + first + second;
    return draw.chance(0.7)
        ? spaced(number.substring(0, 9), 3, 3, 3).replace(' ', '.') + "-" + number.substring(9)
        : number;
  }

  private String taxFileNumber() {
    while (true) {
      String number = draw.filled("899999999");
      if (weighted(number, 1, 4, 3, 7, 5, 8, 6, 9, 10) % 11 == 0) {
        return number;
      }
    }
  }

  private String nric() {
    String lead = draw.of("S", "T");
    String seven = draw.filled("9999999");
    int sum = weighted(seven, 2, 7, 6, 5, 4, 3, 2) + (lead.equals("T") ? 4 : 0);
    return lead + seven + "JZIHGFEDCBA".charAt(sum % 11);
  }

  static String withLuhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int doubled = i % 2 == 0 ? digit * 2 : digit;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return digits + (10 - sum % 10) % 10;
  }

  private static int weighted(String digits, int... weights) {
    int sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += (digits.charAt(i) - '0') * weights[i];
    }
    return sum;
  }

  /** Plain, or in groups parted by spaces or hyphens, as people write them. */
  private String grouped(String digits, int... groups) {
    String style = draw.of(" ", " ", "-", "");
    return style.isEmpty() ? digits : spaced(digits, groups).replace(" ", style);
  }

  static String spaced(String text, int... groups) {
    StringBuilder parts = new StringBuilder();
    int at = 0;
    for (int group : groups) {
      parts.append(at == 0 ? "" : " ").append(text, at, at + group);
      at += group;
    }
    return parts.append(text.substring(at)).toString();
  }
}
