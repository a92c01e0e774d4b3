package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Dates with a day or a month and a year: ISO 8601 with its time, numbers parted by slashes, dots
 * or hyphens, and months by name in English, German, French, Spanish, Italian, Dutch, Portuguese
 * and Polish. Behind a word that speaks of birth a date is a date of birth. The time that opens a
 * line of a log is none.
 */
final class DateRecognizer implements Recognizer {
  private static final String[] WEEKDAY_ENDS = {"day", "DAY", "tag", "woch"};

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    int free = 0;
    for (int run = 0; run < passage.digitRuns(); run++) {
      int start = passage.runStart(run);
      int length = passage.runLength(run);
      if (start < free) {
        continue;
      }
      if (length > 2 && length != 4) {
        if (length == 8 && isBirthday(passage, run)) {
          found.accept(new Span(start, passage.runEnd(run), EntityType.DATE_OF_BIRTH, 0.8));
        }
        continue;
      }
      boolean logged = false;
      int end = NumericDates.end(passage, run);
      if (end < 0) {
        end = length <= 2 ? NumericDates.shortEnd(passage, run) : -1;
        end = end < 0 ? NamedDates.end(passage, run) : end;
        if (end < 0 && passage.hasLetter()) {
          int month = NamedDates.monthBefore(passage, start);
          if (month >= free && month >= 0 && !isListed(passage, run, month)) {
            end = NamedDates.behindMonth(passage, run);
            start = month;
          }
        }
      } else {
        end = NumericDates.timeEnd(passage, end);
        logged = NumericDates.isLogTime(passage, start, end);
      }
      if (end > 0) {
        if (!logged) {
          boolean birth = ContextWords.before(passage, start, DateWords.BIRTH);
          EntityType type = birth ? EntityType.DATE_OF_BIRTH : EntityType.DATE;
          found.accept(new Span(start, end, type, 0.85));
        }
        free = end;
      } else if (CalendarNumbers.isYear(passage, run) && isLoneYear(passage, run)) {
        found.accept(new Span(start, passage.runEnd(run), EntityType.DATE, 0.6));
      }
    }
    weekdays(passage, found);
  }

  /** {@code 41004 Jun 24}: behind the size of a file in a listing. */
  private static boolean isListed(Passage passage, int run, int month) {
    return run > 0
        && passage.runEnd(run - 1) == month - 1
        && passage.at(month - 1) == ' '
        && passage.runLength(run - 1) >= 3;
  }

  /** {@code dob=19840312}. */
  private static boolean isBirthday(Passage passage, int run) {
    int start = passage.runStart(run);
    String text = passage.text();
    int year = Integer.parseInt(text, start, start + 4, 10);
    int month = Integer.parseInt(text, start + 4, start + 6, 10);
    int day = Integer.parseInt(text, start + 6, start + 8, 10);
    return year >= 1850
        && year < 2150
        && CheckDigits.isDate(month, day)
        && passage.startsNumber(start)
        && passage.endsNumber(passage.runEnd(run))
        && ContextWords.before(passage, start, DateWords.BIRTH);
  }

  private static boolean isLoneYear(Passage passage, int run) {
    int start = passage.runStart(run);
    return passage.at(start - 1) == ' '
        && passage.endsNumber(passage.runEnd(run))
        && CalendarNumbers.value(passage, run) >= 1900
        && ContextWords.lastBefore(passage, start, DateWords.YEAR_WORDS);
  }

  private static void weekdays(Passage passage, Consumer<Span> found) {
    String text = passage.text();
    for (String ending : WEEKDAY_ENDS) {
      int size = ending.length();
      for (int at = text.indexOf(ending); at >= 0; at = text.indexOf(ending, at + size)) {
        int end = at + size;
        int start = at;
        while (end - start <= DateWords.MONTH_CHARS_MAX
            && CharClass.isAsciiLetter(passage.at(start - 1))) {
          start--;
        }
        if (passage.startsWord(start)
            && passage.endsWord(end)
            && DateWords.WEEKDAYS.contains(text.substring(start, end).toLowerCase(Locale.ROOT))) {
          found.accept(new Span(start, end, EntityType.DATE, 0.6));
        }
      }
    }
  }
}
