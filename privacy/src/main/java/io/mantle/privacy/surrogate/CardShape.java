package io.mantle.privacy.surrogate;

/** Payment cards: of the same brand, length and layout, with a right check digit. */
final class CardShape implements Shape {

  @Override
  public String identity(String spelling) {
    return Digits.of(spelling);
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    String digits = Digits.of(spelling);
    KeyedStream stream = draws.about("CREDIT_CARD", digits);
    if (digits.length() < 2) {
      return CharacterClasses.replacedWithMarks(spelling, stream);
    }
    StringBuilder drawn = new StringBuilder(digits.length());
    drawn.append(digits, 0, Math.min(brandDigits(digits), digits.length() - 1));
    drawn.append(stream.digits(digits.length() - 1 - drawn.length()));
    drawn.append(Digits.luhnCheckDigit(drawn));
    return Digits.replaced(spelling, drawn);
  }

  /** How many leading digits tell the brand (ISO/IEC 7812 issuer ranges). */
  private static int brandDigits(String digits) {
    int two = Integer.parseInt(digits.substring(0, 2));
    int four = digits.length() < 4 ? 0 : Integer.parseInt(digits.substring(0, 4));
    if (two == 34 || two == 37 || (two >= 51 && two <= 55) || two == 65 || two == 36 || two == 62) {
      return 2;
    }
    if ((four >= 2221 && four <= 2720) || four == 6011 || (four >= 3528 && four <= 3589)) {
      return 4;
    }
    if ((four >= 3000 && four <= 3059) || (four >= 6440 && four <= 6499)) {
      return 3;
    }
    return 1;
  }
}
