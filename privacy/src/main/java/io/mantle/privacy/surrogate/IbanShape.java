package io.mantle.privacy.surrogate;

/** International account numbers (ISO 13616): of the same country, with right check digits. */
final class IbanShape implements Shape {
  private static final int COUNTRY_AND_CHECK = 4;

  @Override
  public String identity(String spelling) {
    return Casing.fold(bare(spelling));
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    String bare = bare(spelling);
    KeyedStream stream = draws.about("IBAN", Casing.fold(bare));
    if (!bare.matches("[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]+")) {
      return CharacterClasses.replacedWithMarks(spelling, stream);
    }
    // A letter or digit that led the account part stays of its class: it may be a bank code.
    String account = CharacterClasses.replaced(bare.substring(COUNTRY_AND_CHECK), stream);
    String country = bare.substring(0, 2);
    String drawn = country + checkDigits(country, account) + account;
    StringBuilder out = new StringBuilder(spelling);
    int next = 0;
    for (int i = 0; i < out.length(); i++) {
      if (Character.isLetterOrDigit(out.charAt(i))) {
        out.setCharAt(i, drawn.charAt(next++));
      }
    }
    return out.toString();
  }

  /** ISO 7064, MOD 97-10. */
  private static String checkDigits(String country, String account) {
    int remainder = 0;
    String rearranged = account + country + "00";
    for (int i = 0; i < rearranged.length(); i++) {
      int value = Character.digit(rearranged.charAt(i), 36);
      remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
    }
    int check = 98 - remainder;
    return (check < 10 ? "0" : "") + check;
  }

  private static String bare(String spelling) {
    StringBuilder bare = new StringBuilder(spelling.length());
    for (int i = 0; i < spelling.length(); i++) {
      if (Character.isLetterOrDigit(spelling.charAt(i))) {
        bare.append(spelling.charAt(i));
      }
    }
    return bare.toString();
  }
}
