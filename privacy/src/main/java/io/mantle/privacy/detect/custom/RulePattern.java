package io.mantle.privacy.detect.custom;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A tenant's pattern, compiled. One search costs time linear in the text, whatever the pattern; all
 * searches of a text together are held to a budget of characters read, because a pattern that looks
 * far ahead for each short match would still be quadratic.
 */
final class RulePattern {
  static final int PATTERN_CHARS_MAX = 500;

  /** RE2's instructions: what each character of a text may cost. */
  static final int PROGRAM_SIZE_MAX = 500;

  /** Of the program that a pattern could become; above it, it is not even compiled. */
  private static final int EXPANSION_MAX = 200_000;

  /** RE2's own limit of a count. */
  private static final int REPEAT_MAX = 1_000;

  /** An ordinary pattern reads a character two to four times: to step, and to see a boundary. */
  private static final int READS_PER_CHAR_MAX = 16;

  private static final int READS_MIN = 1 << 14;

  private final Pattern pattern;

  private RulePattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /** What takes the matches of a text. */
  interface Matches {
    void match(int start, int end);
  }

  /**
   * Compiles a pattern.
   *
   * @param field names the pattern in the exception
   * @throws InvalidRuleException if it is no pattern of RE2's, too large, or matches nothing at all
   */
  static RulePattern compile(String field, String regex) throws InvalidRuleException {
    if (regex.isEmpty() || regex.length() > PATTERN_CHARS_MAX) {
      throw new InvalidRuleException(
          field, "a pattern has 1 to " + PATTERN_CHARS_MAX + " characters");
    }
    if (expansion(regex) > EXPANSION_MAX) {
      throw new InvalidRuleException(field, "the pattern's counts make it too large");
    }
    Pattern pattern;
    try {
      pattern = Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      // Its message would quote the pattern.
      throw new InvalidRuleException(field, "not a pattern of RE2: " + e.getDescription());
    }
    if (pattern.programSize() > PROGRAM_SIZE_MAX) {
      throw new InvalidRuleException(
          field,
          "the pattern compiles to "
              + pattern.programSize()
              + " instructions, more than "
              + PROGRAM_SIZE_MAX);
    }
    if (pattern.matcher("").find()) {
      throw new InvalidRuleException(field, "the pattern matches the empty text");
    }
    return new RulePattern(pattern);
  }

  /**
   * At least the size of the program: RE2 writes a counted part out as often as its count says, and
   * only a group can hold counts that are multiplied so.
   */
  private static long expansion(String regex) {
    long plain = regex.length();
    long multiplied = 1;
    for (int i = regex.indexOf('{'); i >= 0; i = regex.indexOf('{', i + 1)) {
      long count = countAt(regex, i + 1);
      if (i > 0 && regex.charAt(i - 1) == ')') {
        multiplied = Math.min(EXPANSION_MAX + 1L, multiplied * Math.max(1, count));
      } else {
        plain += count;
      }
    }
    return plain * multiplied;
  }

  /** The larger number of {@code n}, {@code n,} or {@code n,m}, with one for an open end. */
  private static long countAt(String regex, int from) {
    long largest = 0;
    long number = 0;
    for (int i = from; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c >= '0' && c <= '9') {
        number = Math.min(REPEAT_MAX, number * 10 + (c - '0'));
      } else if (c == ',') {
        largest = number + 1;
        number = 0;
      } else {
        break;
      }
    }
    return Math.max(largest, number);
  }

  int programSize() {
    return pattern.programSize();
  }

  /**
   * All matches, leftmost first, none overlapping, none empty.
   *
   * @throws RuleOverrunException if the budget is spent before the end of the text
   */
  void find(String text, Matches matches) {
    Metered metered =
        new Metered(text, Math.max(READS_MIN, (long) text.length() * READS_PER_CHAR_MAX));
    Matcher matcher = pattern.matcher(metered);
    while (matcher.find()) {
      if (matcher.end() > matcher.start()) {
        matches.match(matcher.start(), matcher.end());
      }
    }
  }

  /** A text that counts how often it is read. */
  private static final class Metered implements CharSequence {
    private final String text;
    private long readsLeft;

    private Metered(String text, long readsLeft) {
      this.text = text;
      this.readsLeft = readsLeft;
    }

    @Override
    public char charAt(int index) {
      if (--readsLeft < 0) {
        throw new RuleOverrunException("a pattern of the policy costs too much on this text");
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
