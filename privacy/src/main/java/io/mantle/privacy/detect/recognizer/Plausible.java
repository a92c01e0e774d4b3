package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import java.util.Locale;
import java.util.Set;

/** Tells a secret's value from what merely stands where one could be. */
final class Plausible {
  private static final int DISTINCT_MIN = 6;

  /** Words that stand where any value could and are none. */
  private static final Set<String> NO_VALUES =
      Set.of(
          "string",
          "text",
          "str",
          "null",
          "none",
          "nil",
          "true",
          "false",
          "undefined",
          "required",
          "optional");

  private Plausible() {}

  /** Whether it is such a word, or one of {@code more}, which are of one kind of value. */
  static boolean isNoValue(String value, Set<String> more) {
    String word = value.toLowerCase(Locale.ROOT);
    return NO_VALUES.contains(word) || more.contains(word);
  }

  /** Letters and digits mixed, and not the same few again and again: as a generator makes keys. */
  static boolean isRandom(CharSequence value) {
    return hasDigit(value) && hasLetter(value) && distinct(value) >= DISTINCT_MIN;
  }

  /** Capitals and small letters mixed, more than words are, without a blank. */
  static boolean isCaseMixed(CharSequence value) {
    int changes = 0;
    for (int i = 1; i < value.length(); i++) {
      char c = value.charAt(i);
      changes += Character.isUpperCase(c) != Character.isUpperCase(value.charAt(i - 1)) ? 1 : 0;
    }
    return changes >= 8;
  }

  /** A template's variable, a row of stars or an ellipsis. */
  static boolean isPlaceholder(CharSequence value) {
    if (value.isEmpty() || distinct(value) == 1) {
      return true;
    }
    char first = value.charAt(0);
    char second = value.length() > 1 ? value.charAt(1) : Passage.OUTSIDE;
    return switch (first) {
      case '$' -> second == '{' || second == '(';
      case '{', '<', '[', '(' -> true;
      case '%' -> second == 's' || second == '(';
      default -> false;
    };
  }

  static boolean hasDigit(CharSequence value) {
    return value.chars().anyMatch(c -> CharClass.isDigit((char) c));
  }

  static boolean hasLetter(CharSequence value) {
    return value.chars().anyMatch(Character::isLetter);
  }

  /** Whether a mark stands between or beside the letters, other than those that join words. */
  static boolean hasMark(CharSequence value) {
    return value
        .chars()
        .anyMatch(c -> c > ' ' && !CharClass.isWord((char) c) && "-./,:;()[]'".indexOf(c) < 0);
  }

  private static int distinct(CharSequence value) {
    return (int) value.chars().limit(256).distinct().count();
  }
}
