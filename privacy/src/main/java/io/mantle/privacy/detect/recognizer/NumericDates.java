package io.mantle.privacy.detect.recognizer;

import static io.mantle.privacy.detect.recognizer.CalendarNumbers.isDay;
import static io.mantle.privacy.detect.recognizer.CalendarNumbers.isMonth;
import static io.mantle.privacy.detect.recognizer.CalendarNumbers.isYear;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;

/** Dates of numbers alone: ISO 8601 with its time, and days, months and years between marks. */
final class NumericDates {
  private NumericDates() {}

  /** The end of a date in three numbers that begins with {@code run}, or -1. */
  static int end(Passage passage, int run) {
    if (run + 2 >= passage.digitRuns()
        || passage.gapLength(run) > 2
        || !CalendarNumbers.startsDate(passage, passage.runStart(run))) {
      return -1;
    }
    char mark = passage.at(passage.runEnd(run));
    boolean known = mark == '-' || mark == '/' || mark == '.' || mark == '\u5e74';
    char second = mark == '\u5e74' ? '\u6708' : mark;
    if (!known || !isGap(passage, run, mark) || !isGap(passage, run + 1, second)) {
      return -1;
    }
    int end = passage.runEnd(run + 2);
    char after = passage.at(end);
    if (mark == '\u5e74') {
      return after == '\u65e5' && isCalendar(passage, run, mark) ? end + 1 : -1;
    }
    boolean closed =
        after == mark ? passage.endsWord(end + 1) : after == 'T' || passage.endsWord(end);
    return closed && isCalendar(passage, run, mark) ? end : -1;
  }

  private static boolean isCalendar(Passage passage, int run, char mark) {
    if (isYear(passage, run)) {
      return isMonth(passage, run + 1) && isDay(passage, run + 2);
    }
    boolean days =
        (isDay(passage, run) && isMonth(passage, run + 1))
            || (isMonth(passage, run) && isDay(passage, run + 1));
    if (!days) {
      return false;
    }
    boolean wide = passage.runLength(run) == 2 && passage.runLength(run + 1) == 2;
    // Two digits of a year are as likely a version or a share.
    return isYear(passage, run + 2)
        || (passage.runLength(run + 2) == 2
            && (mark == '/' || wide || isIntroduced(passage, passage.runStart(run))));
  }

  /** The mark alone, or with a blank behind it: 07. 08. 2025. */
  private static boolean isGap(Passage passage, int run, char mark) {
    int length = passage.gapLength(run);
    int end = passage.runEnd(run);
    return passage.at(end) == mark
        && (length == 1 || (length == 2 && mark == '.' && passage.at(end + 1) == ' '));
  }

  private static boolean isIntroduced(Passage passage, int start) {
    return ContextWords.justBefore(passage, start, DateWords.DATE_WORDS);
  }

  /** The end of a day and a month, or a month and a year, where a word tells them; or -1. */
  static int shortEnd(Passage passage, int run) {
    if (run + 1 >= passage.digitRuns()
        || passage.gapLength(run) != 1
        || passage.at(passage.runEnd(run)) != '/'
        || passage.runLength(run + 1) > 4
        || !CalendarNumbers.startsDate(passage, passage.runStart(run))) {
      return -1;
    }
    int end = passage.runEnd(run + 1);
    boolean closed = passage.endsNumber(end) && passage.at(end) != '/' && passage.at(end) != '%';
    boolean calendar =
        (isMonth(passage, run) && (isDay(passage, run + 1) || isYear(passage, run + 1)))
            || (isDay(passage, run) && isMonth(passage, run + 1))
            || (isMonth(passage, run) && passage.runLength(run + 1) == 2);
    return closed && calendar && isIntroduced(passage, passage.runStart(run)) ? end : -1;
  }

  /** Past a time of day that follows, with its zone: T12:30:45.123Z. */
  static int timeEnd(Passage passage, int date) {
    char gap = passage.at(date);
    if (gap != 'T' && gap != ' ') {
      return date;
    }
    int at = date + 1;
    if (!isTwo(passage, at) || passage.at(at + 2) != ':' || !isTwo(passage, at + 3)) {
      return date;
    }
    at += 5;
    if (passage.at(at) == ':' && isTwo(passage, at + 1)) {
      at += 3;
      if ((passage.at(at) == '.' || passage.at(at) == ',')
          && CharClass.isDigit(passage.at(at + 1))) {
        at++;
        int high = at + 9;
        while (at < high && CharClass.isDigit(passage.at(at))) {
          at++;
        }
      }
    }
    if (passage.at(at) == 'Z') {
      return at + 1;
    }
    boolean zone =
        (passage.at(at) == '+' || passage.at(at) == '-')
            && isTwo(passage, at + 1)
            && passage.at(at + 3) == ':'
            && isTwo(passage, at + 4);
    return zone ? at + 6 : at;
  }

  private static boolean isTwo(Passage passage, int at) {
    return CharClass.isDigit(passage.at(at)) && CharClass.isDigit(passage.at(at + 1));
  }

  /**
   * Whether the date and time from {@code start} to {@code end} only say when a line of a log was
   * written: they open the line and more follows on it.
   */
  static boolean isLogTime(Passage passage, int start, int end) {
    boolean seconds = end - start >= 19 && passage.at(start + 13) == ':';
    if (!seconds) {
      return false;
    }
    int lead = start;
    while (start - lead < 3 && "[(<\"".indexOf(passage.at(lead - 1)) >= 0) {
      lead--;
    }
    char before = passage.at(lead - 1);
    int at = end;
    while (at - end < 8
        && (CharClass.isBlank(passage.at(at)) || "])>\",:|+".indexOf(passage.at(at)) >= 0)) {
      at++;
    }
    boolean opens = before == '\n' || before == Passage.OUTSIDE;
    return opens && at > end && passage.at(at) > ' ';
  }
}
