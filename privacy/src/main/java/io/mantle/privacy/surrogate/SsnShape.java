package io.mantle.privacy.surrogate;

/**
 * United States social security numbers.
 *
 * <p>Area 900 to 999 has never been issued as one. Taxpayer numbers (ITIN) are issued there, but
 * only with groups 50 to 99, so groups 01 to 49 belong to nobody. Area 000 and 666 are not issued
 * either, but make no number without a leading zero, or one area only.
 */
final class SsnShape implements Shape {
  private static final int DIGITS = 9;

  @Override
  public String identity(String spelling) {
    return Digits.of(spelling);
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    String digits = Digits.of(spelling);
    KeyedStream stream = draws.about("SSN", digits);
    if (digits.length() != DIGITS) {
      return CharacterClasses.replacedWithMarks(spelling, stream);
    }
    int group = stream.between(1, 49);
    int serial = stream.between(1, 9999);
    String drawn = "9" + stream.digits(2) + padded(group, 2) + padded(serial, 4);
    return Digits.replaced(spelling, drawn);
  }

  private static String padded(int number, int width) {
    String digits = Integer.toString(number);
    return "0".repeat(width - digits.length()) + digits;
  }
}
