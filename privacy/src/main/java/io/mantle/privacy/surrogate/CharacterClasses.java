package io.mantle.privacy.surrogate;

import java.util.regex.Pattern;

/** Replaces text character by character: a digit by a digit, a letter by a letter of its case. */
final class CharacterClasses {
  /** What is left as a number: RFC 8259, section 6. */
  private static final Pattern JSON_NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?");

  /** Fewer letters and digits than this say too little to leave the marks around them alone. */
  private static final int LETTERS_AND_DIGITS_MIN = 4;

  private static final String MARKS = "!#$%*+-=?@^_~";

  private CharacterClasses() {}

  static boolean isJsonNumber(String text) {
    return JSON_NUMBER.matcher(text).matches();
  }

  /**
   * {@code text} with each letter and digit replaced, all else kept. A first digit that is not zero
   * stays so, and a number stays a number.
   */
  static String replaced(String text, KeyedStream draws) {
    StringBuilder out = new StringBuilder(text.length());
    boolean number = isJsonNumber(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (number && (c == 'e' || c == 'E')) {
        // An exponent drawn at random would leave the range of every reader.
        return out.append(text, i, text.length()).toString();
      }
      if (Character.isHighSurrogate(c) && Character.isLetterOrDigit(text.codePointAt(i))) {
        out.append(draws.lowerLetter()).append(draws.lowerLetter());
        i++;
        continue;
      }
      boolean first = i == 0 || (i == 1 && number && text.charAt(0) == '-');
      boolean zeroAlone = text.length() == 1 && c == '0';
      out.append(first && !zeroAlone ? firstLike(c, draws) : like(c, draws));
    }
    return out.toString();
  }

  /** As {@link #replaced}, but with marks replaced too where letters and digits are few. */
  static String replacedWithMarks(String text, KeyedStream draws) {
    int lettersAndDigits = 0;
    for (int i = 0; i < text.length(); i++) {
      lettersAndDigits += Character.isLetterOrDigit(text.charAt(i)) ? 1 : 0;
    }
    String replaced = replaced(text, draws);
    if (lettersAndDigits >= LETTERS_AND_DIGITS_MIN || isJsonNumber(text)) {
      return replaced;
    }
    StringBuilder out = new StringBuilder(replaced.length());
    for (int i = 0; i < replaced.length(); i++) {
      char c = replaced.charAt(i);
      boolean kept =
          Character.isLetterOrDigit(c) || Character.isWhitespace(c) || Character.isISOControl(c);
      out.append(kept ? c : draws.pick(MARKS));
    }
    return out.toString();
  }

  private static char firstLike(char c, KeyedStream draws) {
    if (Character.digit(c, 10) == 0) {
      return c;
    }
    int value = Character.digit(c, 10);
    return value > 0 ? (char) (c - value + draws.between(1, 9)) : like(c, draws);
  }

  private static char like(char c, KeyedStream draws) {
    int value = Character.digit(c, 10);
    if (value >= 0) {
      return (char) (c - value + draws.below(10));
    }
    if (Character.isUpperCase(c)) {
      return Character.toUpperCase(draws.lowerLetter());
    }
    return Character.isLetter(c) ? draws.lowerLetter() : c;
  }
}
