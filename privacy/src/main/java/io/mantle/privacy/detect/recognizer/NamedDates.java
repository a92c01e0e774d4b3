package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;

/** Dates whose month is a word: 12 March 2024, March 12th, 3. Oktober, 5 de mayo de 2021. */
final class NamedDates {
  private NamedDates() {}

  /** The end of "12 March 2024", "1st of May", "12. M\u00e4rz" from {@code run} on, or -1. */
  static int end(Passage passage, int run) {
    if (!CalendarNumbers.isDay(passage, run)
        || !CalendarNumbers.startsDate(passage, passage.runStart(run))) {
      return -1;
    }
    int at = passage.runEnd(run);
    for (String ordinal : new String[] {"st", "nd", "rd", "th", "er", ".", "\u00ba"}) {
      if (passage.text().startsWith(ordinal, at)) {
        at += ordinal.length();
        break;
      }
    }
    char gap = passage.at(at);
    if (gap == ' ' || gap == '-' || gap == '/' || gap == '\u00a0') {
      at++;
    } else if (at > passage.runEnd(run) || !CharClass.isAsciiLetter(gap)) {
      return -1;
    }
    for (String joint : new String[] {"of ", "de ", "di "}) {
      if (passage.text().startsWith(joint, at)) {
        at += joint.length();
        break;
      }
    }
    int month = DateWords.monthEnd(passage, at);
    if (month < 0) {
      return -1;
    }
    int end = yearEnd(passage, month, month);
    boolean glued = at == passage.runEnd(run);
    if (CharClass.isWord(passage.at(month)) && (!glued || end == month)) {
      return -1;
    }
    // "9 may need": without its capital that month is a verb.
    return end == month && (glued || passage.text().startsWith("may", at)) ? -1 : end;
  }

  /** Past a year behind {@code from}; {@code otherwise} if there is none. */
  private static int yearEnd(Passage passage, int from, int otherwise) {
    int at = from;
    if (passage.at(at) == '.') {
      at++;
    }
    if (passage.at(at) == ',') {
      at++;
    }
    if (passage.at(at) == ' ' || passage.at(at) == '-' || passage.at(at) == '/') {
      at++;
    }
    if (passage.at(at) == '\'' && at > from) {
      at++;
    }
    if (passage.text().startsWith("de ", at)) {
      at += 3;
    } else if (passage.text().startsWith("del ", at)) {
      at += 4;
    }
    int end = at;
    while (end - at < 5 && CharClass.isDigit(passage.at(end))) {
      end++;
    }
    boolean year = end - at == 4 && (passage.at(at) == '1' || passage.at(at) == '2');
    // 12-Mar-24 and Mar '24.
    year |= end - at == 2 && (passage.at(at - 1) == '-' || passage.at(at - 1) == '\'');
    return year && passage.endsWord(end) ? end : otherwise;
  }

  /** Where a month's name begins that ends before {@code start}, or -1. */
  static int monthBefore(Passage passage, int start) {
    char gap = passage.at(start - 1);
    if (gap != ' ' && gap != '-' && gap != '\u00a0') {
      return -1;
    }
    int end = start - 1;
    if (passage.at(end - 1) == '.' || passage.at(end - 1) == ',') {
      end--;
    }
    return DateWords.monthStart(passage, end);
  }

  /** The end of the day and year, or of the year alone, behind a month's name. */
  static int behindMonth(Passage passage, int run) {
    int end = passage.runEnd(run);
    if (CalendarNumbers.isYear(passage, run)) {
      return passage.endsWord(end) ? end : -1;
    }
    if (!CalendarNumbers.isDay(passage, run)) {
      return -1;
    }
    for (String ordinal : new String[] {"st", "nd", "rd", "th"}) {
      if (passage.text().startsWith(ordinal, end)) {
        end += 2;
        break;
      }
    }
    return passage.endsNumber(end) && passage.at(end) != ':' ? yearEnd(passage, end, end) : -1;
  }
}
