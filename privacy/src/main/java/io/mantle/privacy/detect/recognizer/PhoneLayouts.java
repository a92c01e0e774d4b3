package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.Passage;

/**
 * How numbers of telephones are written in a country: the groups of North America, trunk zeros and
 * bracketed areas. Groups are runs of digits of a passage.
 */
final class PhoneLayouts {
  private PhoneLayouts() {}

  static int digits(Passage passage, int first, int last) {
    int digits = 0;
    for (int run = first; run <= last; run++) {
      digits += passage.runLength(run);
    }
    return digits;
  }

  /** Whether {@code first} to {@code last} are laid out as some country lays out its numbers. */
  static boolean isNational(Passage passage, int first, int last, boolean bracket) {
    int groups = last - first + 1;
    int digits = digits(passage, first, last);
    if (groups == 2 && isFictional(passage, first, last)) {
      return true;
    }
    if (groups < 2 || digits < 8 || isDate(passage, first, last)) {
      return false;
    }
    return isNorthAmerican(passage, first, last, groups, bracket)
        || (bracket && isBracketed(passage, first, groups, digits))
        || isTrunk(passage, first, groups, digits);
  }

  /** 555-0142: seven digits say nothing, but this exchange is the one that examples use. */
  private static boolean isFictional(Passage passage, int first, int last) {
    return passage.text().startsWith("555", passage.runStart(first))
        && passage.runLength(first) == 3
        && passage.runLength(last) == 4
        && passage.at(passage.runEnd(first)) == '-';
  }

  private static boolean isNorthAmerican(
      Passage passage, int first, int last, int groups, boolean bracket) {
    int area = last - 2;
    if (groups < 3
        || groups > 4
        || passage.runLength(last) != 4
        || passage.runLength(last - 1) != 3
        || passage.runLength(area) != 3) {
      return false;
    }
    if (groups == 4) {
      String country = passage.text().substring(passage.runStart(first), passage.runEnd(first));
      return country.equals("1")
          || country.equals("001")
          || (country.length() == 2
              && country.charAt(0) >= '2'
              && passage.at(passage.runEnd(first)) == '-'
              && passage.at(passage.runEnd(last - 1)) == '-');
    }
    char gap = passage.at(passage.runEnd(last - 1));
    return bracket || gap == '-' || gap == '.' || isNumberingPlanArea(passage, area, last - 1);
  }

  /** Three groups with blanks between could be anything; areas and exchanges start with 2 to 9. */
  private static boolean isNumberingPlanArea(Passage passage, int area, int exchange) {
    return passage.at(passage.runStart(area)) >= '2'
        && passage.at(passage.runStart(exchange)) >= '2';
  }

  private static boolean isBracketed(Passage passage, int first, int groups, int digits) {
    int length = passage.runLength(first);
    return passage.at(passage.runEnd(first)) == ')'
        && length >= 2
        && length <= 5
        && groups <= 5
        && digits <= 12;
  }

  private static boolean isTrunk(Passage passage, int first, int groups, int digits) {
    int length = passage.runLength(first);
    if (passage.at(passage.runStart(first)) != '0') {
      return false;
    }
    if (passage.at(passage.runStart(first) + 1) == '0') {
      return digits >= 10 && groups >= 3 && length >= 2 && length <= 5;
    }
    boolean postal = groups == 2 && length == 5 && digits == 9 && passage.gapLength(first) == 1;
    return !postal && length >= 2 && length <= 5 && digits >= 9 && digits <= 12 && groups <= 6;
  }

  /** Whether the groups begin as a date: 2025-08-07, 07.08.2025, 07/08/2025. */
  static boolean isDate(Passage passage, int first, int last) {
    if (last - first < 2) {
      return false;
    }
    char gap = passage.at(passage.runEnd(first));
    if (gap == ' ' || passage.at(passage.runEnd(first + 1)) != gap) {
      return false;
    }
    int a = passage.runLength(first);
    int b = passage.runLength(first + 1);
    int c = passage.runLength(first + 2);
    return b <= 2 && ((a == 4 && c <= 2) || (a <= 2 && c == 4));
  }

  /** One run of digits that someone could dial: North America's ten, or one with a trunk zero. */
  static boolean isDialled(Passage passage, int run, int digits) {
    int at = passage.runStart(run);
    if (passage.at(at) == '0') {
      return digits >= 10 && digits <= 12;
    }
    if (digits == 11 && passage.at(at) == '1') {
      at++;
    } else if (digits != 10) {
      return false;
    }
    return passage.at(at) >= '2' && passage.at(at + 3) >= '2';
  }
}
