package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import java.util.Locale;
import java.util.Set;

/**
 * Words and numbers of programs, logs and metadata that look like something private to a tagger
 * that was trained on prose: identifiers in camel case, versions, operands, tables of numbers.
 */
final class TechnicalWords {
  private TechnicalWords() {}

  /** What may stand beside the digits of a date without a blank. */
  private static final Set<String> DATE_AFFIXES =
      Set.of("st", "nd", "rd", "th", "s", "er", "t", "z", "h", "q", "fy", "kw", "am", "pm");

  private static final String OPERATORS = "*%&|^~";
  private static final int HUMPS_OF_NAME_MAX = 2;
  private static final int LIST_COMMAS_MIN = 3;
  private static final int AFFIX_CHARS_MAX = 3;
  private static final Set<String> PACKAGE_PARTS =
      Set.of("dev", "java", "doc", "bin", "common", "dbg", "base", "data", "utils", "perl");

  private static final Set<String> ARCHITECTURES =
      Set.of("amd64", "arm64", "armhf", "i386", "x86_64", "aarch64", "noarch", "all", "any");

  private static final int ARCHITECTURE_CHARS_MAX = 8;
  private static final int CODE_CHARS_MAX = 2;
  private static final int DAYS_MAX = 31;
  private static final int MONTHS_MAX = 12;

  /** {@code additionalCharacteristics}, {@code InstanceOfAssertFactory}; not a hashtag. */
  static boolean isIdentifier(Passage passage, int start, int end) {
    char before = passage.at(start - 1);
    if (before == '#' || before == '@') {
      return false;
    }
    int humps = Character.isUpperCase(passage.at(start)) ? 1 : 0;
    boolean inner = false;
    for (int i = start; i < end; i++) {
      char c = passage.at(i);
      if (!Character.isLetter(c)) {
        return false;
      }
      if (i > start && Character.isUpperCase(c) && Character.isLowerCase(passage.at(i - 1))) {
        inner = true;
        humps++;
      }
    }
    return inner && (Character.isLowerCase(passage.at(start)) || humps > HUMPS_OF_NAME_MAX);
  }

  /** {@code libpq5}, {@code libgcrypt20-dev}, {@code groff-base:amd64}: what a machine installs. */
  static boolean isPackage(Passage passage, int start, int end) {
    String name = passage.text().substring(start, end);
    if (name.startsWith("lib") && (Plausible.hasDigit(name) || name.indexOf('-') > 0)) {
      return true;
    }
    int hyphen = name.lastIndexOf('-');
    if (hyphen > 0 && PACKAGE_PARTS.contains(name.substring(hyphen + 1))) {
      return true;
    }
    if (passage.at(end) != ':') {
      return false;
    }
    int to = end + 1;
    while (to - end <= ARCHITECTURE_CHARS_MAX && CharClass.isAsciiAlnum(passage.at(to))) {
      to++;
    }
    return ARCHITECTURES.contains(passage.text().substring(end + 1, to));
  }

  /** {@code "UC"}: two capitals that are all of a string are a code of something. */
  static boolean isQuotedCode(Passage passage, int start, int end) {
    boolean capitals = true;
    for (int i = start; i < end; i++) {
      capitals &= Character.isUpperCase(passage.at(i));
    }
    return capitals
        && end - start <= CODE_CHARS_MAX
        && CharClass.isQuote(passage.at(start - 1))
        && CharClass.isQuote(passage.at(end));
  }

  /** {@code 3.26.0}, {@code 2.36-9+deb12u14}: digits in an order that no date has. */
  static boolean isVersion(Passage passage, int start, int end) {
    boolean onlyDots = true;
    for (int i = start; i < end; i++) {
      char c = passage.at(i);
      if (c < 128 && Character.isLetter(c)) {
        int to = i;
        while (to < end && passage.at(to) < 128 && Character.isLetter(passage.at(to))) {
          to++;
        }
        boolean joined = CharClass.isDigit(passage.at(i - 1)) || CharClass.isDigit(passage.at(to));
        if (joined
            && (to - i > AFFIX_CHARS_MAX
                || !DATE_AFFIXES.contains(passage.text().substring(i, to).toLowerCase(Locale.ROOT)))
            && DateWords.monthEnd(passage, i) != to) {
          return true;
        }
        i = to;
        onlyDots = false;
      } else if (c != '.' && !CharClass.isDigit(c)) {
        onlyDots = false;
      }
    }
    return onlyDots && !isDottedDate(passage.text().substring(start, end));
  }

  private static boolean isDottedDate(String dotted) {
    String[] parts = dotted.split("\\.", -1);
    if (parts.length == 1) {
      return true;
    }
    if (parts.length > 3 || parts[0].isEmpty() || parts[1].isEmpty()) {
      return false;
    }
    if (parts[0].length() == 4) {
      return isUpTo(parts[1], MONTHS_MAX)
          && (parts.length == 2 || parts[2].isEmpty() || isUpTo(parts[2], DAYS_MAX));
    }
    String last = parts.length == 3 ? parts[2] : "";
    if (parts.length == 2 && parts[1].length() == 4) {
      return isUpTo(parts[0], MONTHS_MAX);
    }
    boolean dayAndMonth =
        (isUpTo(parts[0], DAYS_MAX) && isUpTo(parts[1], MONTHS_MAX))
            || (isUpTo(parts[0], MONTHS_MAX) && isUpTo(parts[1], DAYS_MAX));
    return dayAndMonth
        && (last.length() == 2 || last.length() == 4 || (parts.length == 3 && last.isEmpty()));
  }

  private static boolean isUpTo(String digits, int most) {
    return digits.length() <= 2
        && !digits.isEmpty()
        && Integer.parseInt(digits) >= 1
        && Integer.parseInt(digits) <= most;
  }

  /** Numbers and commas alone, as in a table of a program. */
  static boolean isListOfNumbers(Passage passage, int start, int end) {
    int commas = 0;
    for (int i = start; i < end; i++) {
      char c = passage.at(i);
      if (Character.isLetter(c)) {
        return false;
      }
      commas += c == ',' ? 1 : 0;
    }
    return commas >= LIST_COMMAS_MIN;
  }

  /** A run of digits that is multiplied, masked or one of a table's. */
  static boolean isOperand(Passage passage, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!CharClass.isDigit(passage.at(i))) {
        return false;
      }
    }
    int before = start - 1;
    while (CharClass.isBlank(passage.at(before))) {
      before--;
    }
    int after = end;
    while (CharClass.isBlank(passage.at(after))) {
      after++;
    }
    boolean listed =
        passage.at(before) == ','
            && passage.at(after) == ','
            && CharClass.isDigit(passage.at(before - 1));
    return listed
        || OPERATORS.indexOf(passage.at(before)) >= 0
        || OPERATORS.indexOf(passage.at(after)) >= 0;
  }
}
