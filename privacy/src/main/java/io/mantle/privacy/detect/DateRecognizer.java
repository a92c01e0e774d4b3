package io.mantle.privacy.detect;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Dates with a day or a month and a year: ISO 8601 with its time, numbers parted by slashes, dots
 * or hyphens, and months by name in English, German, French, Spanish, Italian, Dutch, Portuguese
 * and Polish. Behind a word that speaks of birth a date is a date of birth.
 */
final class DateRecognizer implements Recognizer {
  private static final int MONTH_CHARS_MAX = 12;

  private static final Set<String> MONTHS = months();

  private static final Set<String> BIRTH =
      Set.of(
          "born",
          "dob",
          "birth",
          "birthday",
          "birthdate",
          "dateofbirth",
          "date_of_birth",
          "birth_date",
          "bday",
          "geboren",
          "geb",
          "geburtsdatum",
          "geburtstag",
          "n\u00e9",
          "n\u00e9e",
          "naissance",
          "nacido",
          "nacida",
          "naci\u00f3",
          "nacimiento",
          "nato",
          "nata",
          "nascita",
          "geboortedatum",
          "nascido",
          "nascida",
          "nascimento",
          "urodzony",
          "urodzona",
          "urodzenia",
          "f\u00f6dd",
          "d.o.b");

  private static Set<String> months() {
    String names =
        "january february march april may june july august september october november december"
            + " jan feb mar apr jun jul aug sep sept oct nov dec"
            + " januar j\u00e4nner februar m\u00e4rz mai juni juli oktober dezember m\u00e4r okt dez"
            + " janvier f\u00e9vrier mars avril juin juillet ao\u00fbt septembre octobre novembre"
            + " d\u00e9cembre"
            + " enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
            + " diciembre"
            + " gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre"
            + " januari februari maart mei augustus"
            + " janeiro fevereiro mar\u00e7o maio junho julho setembro outubro novembro dezembro"
            + " stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrze\u015bnia"
            + " pa\u017adziernika listopada grudnia";
    return Set.of(names.split(" ", -1));
  }

  /** Behind one of these four digits are a year more often than not. */
  private static final Set<String> YEAR_WORDS =
      Set.of("in", "of", "since", "until", "by", "from", "im", "seit", "en", "nel", "dal", "em");

  private static final Set<String> WEEKDAYS =
      Set.of(
          "monday",
          "tuesday",
          "wednesday",
          "thursday",
          "friday",
          "saturday",
          "sunday",
          "montag",
          "dienstag",
          "mittwoch",
          "donnerstag",
          "freitag",
          "samstag",
          "sonntag");

  private static final String[] WEEKDAY_ENDS = {"day", "DAY", "tag", "woch"};

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    int free = 0;
    for (int run = 0; run < passage.digitRuns(); run++) {
      int start = passage.runStart(run);
      int length = passage.runLength(run);
      if (start < free || (length != 4 && length > 2)) {
        continue;
      }
      int end = numeric(passage, run);
      if (end < 0) {
        end = named(passage, run);
        if (end < 0 && passage.hasLetter()) {
          int month = monthBefore(passage, start);
          if (month >= free && month >= 0) {
            end = behindMonth(passage, run);
            start = month;
          }
        }
      } else {
        end = timeEnd(passage, end);
      }
      if (end > 0) {
        boolean birth = ContextWords.before(passage, start, BIRTH);
        EntityType type = birth ? EntityType.DATE_OF_BIRTH : EntityType.DATE;
        found.accept(new Span(start, end, type, 0.85));
        free = end;
      } else if (isYear(passage, run) && isLoneYear(passage, run)) {
        found.accept(new Span(start, passage.runEnd(run), EntityType.DATE, 0.6));
      }
    }
    weekdays(passage, found);
  }

  private static boolean isLoneYear(Passage passage, int run) {
    int start = passage.runStart(run);
    return passage.at(start - 1) == ' '
        && passage.endsNumber(passage.runEnd(run))
        && value(passage, run) >= 1900
        && ContextWords.lastBefore(passage, start, YEAR_WORDS);
  }

  private static void weekdays(Passage passage, Consumer<Span> found) {
    String text = passage.text();
    for (String ending : WEEKDAY_ENDS) {
      int size = ending.length();
      for (int at = text.indexOf(ending); at >= 0; at = text.indexOf(ending, at + size)) {
        int end = at + size;
        int start = at;
        while (end - start <= MONTH_CHARS_MAX && CharClass.isAsciiLetter(passage.at(start - 1))) {
          start--;
        }
        if (passage.startsWord(start)
            && passage.endsWord(end)
            && WEEKDAYS.contains(text.substring(start, end).toLowerCase(Locale.ROOT))) {
          found.accept(new Span(start, end, EntityType.DATE, 0.6));
        }
      }
    }
  }

  private static int value(Passage passage, int run) {
    return Integer.parseInt(passage.text(), passage.runStart(run), passage.runEnd(run), 10);
  }

  private static boolean isYear(Passage passage, int run) {
    return passage.runLength(run) == 4 && value(passage, run) >= 1850 && value(passage, run) < 2150;
  }

  private static boolean isDay(Passage passage, int run) {
    return passage.runLength(run) <= 2 && value(passage, run) >= 1 && value(passage, run) <= 31;
  }

  private static boolean isMonth(Passage passage, int run) {
    return isDay(passage, run) && value(passage, run) <= 12;
  }

  /** The end of a date in three numbers that begins with {@code run}, or -1. */
  private static int numeric(Passage passage, int run) {
    if (run + 2 >= passage.digitRuns()
        || passage.gapLength(run) > 2
        || !startsDate(passage, passage.runStart(run))) {
      return -1;
    }
    char mark = passage.at(passage.runEnd(run));
    boolean known = mark == '-' || mark == '/' || mark == '.';
    if (!known || !isGap(passage, run, mark) || !isGap(passage, run + 1, mark)) {
      return -1;
    }
    int end = passage.runEnd(run + 2);
    char after = passage.at(end);
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
    return isYear(passage, run + 2) || (passage.runLength(run + 2) == 2 && (mark == '/' || wide));
  }

  /** The mark alone, or with a blank behind it: 07. 08. 2025. */
  private static boolean isGap(Passage passage, int run, char mark) {
    int length = passage.gapLength(run);
    int end = passage.runEnd(run);
    return passage.at(end) == mark
        && (length == 1 || (length == 2 && mark == '.' && passage.at(end + 1) == ' '));
  }

  private static boolean startsDate(Passage passage, int start) {
    char before = passage.at(start - 1);
    return switch (before) {
      case '.', '-', '/', '+', '$', '=', '@' -> before == '=';
      default -> !CharClass.isWord(before);
    };
  }

  /** Past a time of day that follows, with its zone: T12:30:45.123Z. */
  private static int timeEnd(Passage passage, int date) {
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

  /** The end of "12 March 2024", "1st of May", "12. M\u00e4rz" from {@code run} on, or -1. */
  private static int named(Passage passage, int run) {
    if (!isDay(passage, run) || !startsDate(passage, passage.runStart(run))) {
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
    if (gap != ' ' && gap != '-' && gap != '/' && gap != '\u00a0') {
      return -1;
    }
    at++;
    for (String joint : new String[] {"of ", "de ", "di "}) {
      if (passage.text().startsWith(joint, at)) {
        at += joint.length();
        break;
      }
    }
    int month = monthEnd(passage, at);
    if (month < 0) {
      return -1;
    }
    int end = yearEnd(passage, month, month);
    // "9 may need": without its capital that month is a verb.
    return end == month && passage.text().startsWith("may", at) ? -1 : end;
  }

  private static int monthEnd(Passage passage, int from) {
    int end = from;
    while (end - from <= MONTH_CHARS_MAX && Character.isLetter(passage.at(end))) {
      end++;
    }
    if (end - from < 3 || end - from > MONTH_CHARS_MAX || CharClass.isWord(passage.at(end))) {
      return -1;
    }
    return MONTHS.contains(passage.text().substring(from, end).toLowerCase(Locale.ROOT)) ? end : -1;
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
    return year && passage.endsWord(end) ? end : otherwise;
  }

  /** Where a month's name begins that ends before {@code start}, or -1. */
  private static int monthBefore(Passage passage, int start) {
    char gap = passage.at(start - 1);
    if (gap != ' ' && gap != '-' && gap != '\u00a0') {
      return -1;
    }
    int end = start - 1;
    if (passage.at(end - 1) == '.' || passage.at(end - 1) == ',') {
      end--;
    }
    int begin = end;
    while (end - begin <= MONTH_CHARS_MAX && Character.isLetter(passage.at(begin - 1))) {
      begin--;
    }
    boolean month =
        end - begin >= 3
            && Character.isUpperCase(passage.at(begin))
            && passage.startsWord(begin)
            && monthEnd(passage, begin) == end;
    return month ? begin : -1;
  }

  /** The end of the day and year, or of the year alone, behind a month's name. */
  private static int behindMonth(Passage passage, int run) {
    int end = passage.runEnd(run);
    if (isYear(passage, run)) {
      return passage.endsWord(end) ? end : -1;
    }
    if (!isDay(passage, run)) {
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
