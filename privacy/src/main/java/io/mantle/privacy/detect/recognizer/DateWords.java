package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.Passage;
import java.util.Locale;
import java.util.Set;

/** The words of dates: months, weekdays, and what stands before a date. */
final class DateWords {
  static final int MONTH_CHARS_MAX = 12;

  private static final Set<String> MONTHS = months();

  static final Set<String> BIRTH =
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

  /** Behind one of these four digits are a year more often than not. */
  static final Set<String> YEAR_WORDS =
      Set.of("in", "of", "since", "until", "by", "from", "im", "seit", "en", "nel", "dal", "em");

  static final Set<String> WEEKDAYS =
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

  /** Behind one of these two numbers are a day and a month, or a month and a year. */
  static final Set<String> DATE_WORDS =
      Set.of(
          "today",
          "tomorrow",
          "yesterday",
          "date",
          "dated",
          "on",
          "by",
          "until",
          "till",
          "since",
          "before",
          "after",
          "due",
          "from",
          "heute",
          "am",
          "vom",
          "bis",
          "seit",
          "ab",
          "le",
          "il",
          "el",
          "em",
          "dal",
          "op",
          "w",
          "exp",
          "expiry",
          "expires",
          "expiration",
          "thru",
          "through",
          "ablauf",
          "caducidad",
          "scadenza",
          "deadline",
          "appointment",
          "datum",
          "fecha",
          "data");

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

  private DateWords() {}

  /** The end of the month's name at {@code from}, or -1. */
  static int monthEnd(Passage passage, int from) {
    int end = from;
    while (end - from <= MONTH_CHARS_MAX && Character.isLetter(passage.at(end))) {
      end++;
    }
    if (end - from < 3 || end - from > MONTH_CHARS_MAX || passage.at(end) == '_') {
      return -1;
    }
    return MONTHS.contains(passage.text().substring(from, end).toLowerCase(Locale.ROOT)) ? end : -1;
  }

  /** Where the month's name begins that ends before {@code end}, or -1. */
  static int monthStart(Passage passage, int end) {
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
}
