package io.mantle.privacy.surrogate;

import io.mantle.privacy.value.Alias;
import io.mantle.privacy.value.Alias.Writing;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Strategy;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dates, all moved back by the same number of days in one conversation, so that the time between
 * two of them stays. Back, so that no birthday comes to lie in the future; by more than a year, so
 * that a year alone changes too. Times of day stay.
 */
final class DateShape implements Shape {
  private static final int SHIFT_DAYS_MIN = 367;
  private static final int SHIFT_DAYS_MAX = 1095;

  /** A two-digit year up to this one is of this century. */
  private static final int PIVOT_YEAR = 40;

  /** Stands in where a date has no year; a leap year, so that 29 February exists. */
  private static final int NO_YEAR = 2000;

  private static final Pattern PART = Pattern.compile("\\d+|\\p{L}+");
  private static final Pattern COMPACT = Pattern.compile("(?:19|20)\\d{6}");
  private static final Pattern TIME = Pattern.compile("[T ]?\\d{1,2}:\\d{2}");
  private static final Pattern ORDINAL = Pattern.compile("st|nd|rd|th", Pattern.CASE_INSENSITIVE);

  private static final List<List<String>> MONTHS =
      List.of(
          List.of(
              "January",
              "February",
              "March",
              "April",
              "May",
              "June",
              "July",
              "August",
              "September",
              "October",
              "November",
              "December"),
          List.of(
              "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
          List.of(
              "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"),
          List.of(
              "Januar",
              "Februar",
              "März",
              "April",
              "Mai",
              "Juni",
              "Juli",
              "August",
              "September",
              "Oktober",
              "November",
              "Dezember"),
          List.of(
              "Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
          List.of(
              "janvier",
              "février",
              "mars",
              "avril",
              "mai",
              "juin",
              "juillet",
              "août",
              "septembre",
              "octobre",
              "novembre",
              "décembre"),
          List.of(
              "enero",
              "febrero",
              "marzo",
              "abril",
              "mayo",
              "junio",
              "julio",
              "agosto",
              "septiembre",
              "octubre",
              "noviembre",
              "diciembre"),
          List.of(
              "gennaio",
              "febbraio",
              "marzo",
              "aprile",
              "maggio",
              "giugno",
              "luglio",
              "agosto",
              "settembre",
              "ottobre",
              "novembre",
              "dicembre"),
          List.of(
              "januari",
              "februari",
              "maart",
              "april",
              "mei",
              "juni",
              "juli",
              "augustus",
              "september",
              "oktober",
              "november",
              "december"),
          List.of(
              "janeiro",
              "fevereiro",
              "março",
              "abril",
              "maio",
              "junho",
              "julho",
              "agosto",
              "setembro",
              "outubro",
              "novembro",
              "dezembro"),
          List.of(
              "stycznia",
              "lutego",
              "marca",
              "kwietnia",
              "maja",
              "czerwca",
              "lipca",
              "sierpnia",
              "września",
              "października",
              "listopada",
              "grudnia"));

  private static final List<List<String>> WEEKDAYS =
      List.of(
          List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
          List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
          List.of("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"));

  /** D and M are the day and the month, DD and MM with a zero, DO "5th", N the month's name. */
  private static final List<String> FORMATS =
      List.of(
          "Y-MM-DD",
          "Y/MM/DD",
          "DD.MM.Y",
          "D.M.Y",
          "N D, Y",
          "D N Y",
          "D. N Y",
          "N DO, Y",
          "DO N Y",
          "DO of N Y");

  private static final Pattern FIELD = Pattern.compile("D[DO]?|MM?|Y|N");

  /** A number or word of the text. */
  private record Part(int start, int end, String text) {
    boolean isNumber() {
      return Character.isDigit(text.charAt(0));
    }
  }

  /** Which parts of a text are its day, month and year, and the date they name. */
  private record Parsed(
      @Nullable Part day,
      @Nullable Part month,
      @Nullable Part year,
      @Nullable List<String> monthNames,
      LocalDate date) {}

  private final String purpose;

  /**
   * A shape for one type.
   *
   * @param purpose keeps texts that are no dates apart by type; dates of all types move alike
   */
  DateShape(String purpose) {
    this.purpose = purpose;
  }

  @Override
  public String identity(String spelling) {
    Parsed parsed = parsed(spelling);
    return parsed == null
        ? Casing.foldWords(spelling)
        : (parsed.year() == null ? "--" : parsed.date().getYear())
            + (parsed.month() == null ? "" : "-" + parsed.date().getMonthValue())
            + (parsed.day() == null ? "" : "-" + parsed.date().getDayOfMonth());
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    Parsed parsed = parsed(spelling);
    if (COMPACT.matcher(spelling).matches()) {
      return compact(spelling, draws);
    }
    if (parsed != null) {
      return moved(spelling, parsed, shiftDays(draws, identity(spelling)));
    }
    KeyedStream stream = draws.about(purpose, identity(spelling));
    String replaced = wordsMoved(spelling, stream.between(1, 6));
    if (!replaced.equals(spelling)) {
      return replaced;
    }
    if (!Digits.of(spelling).isEmpty()) {
      return Digits.replaced(spelling, CharacterClasses.replaced(Digits.of(spelling), stream));
    }
    return stream.between(3, 400) + Casing.like(spelling, " days ago");
  }

  /** A whole date in the usual formats; days and months in numbers in the order they are in. */
  @Override
  public List<Alias> aliases(String original, String surrogate) {
    Parsed from = parsed(original);
    Parsed to = parsed(surrogate);
    if (from == null || to == null) {
      return List.of();
    }
    Part day = to.day();
    Part month = to.month();
    Part year = to.year();
    if (day == null || month == null || year == null || year.text().length() != 4) {
      return List.of();
    }
    List<String> formats = new ArrayList<>(FORMATS);
    boolean dayFirst = surrogate.contains("/") && day.start() < month.start();
    formats.addAll(dayFirst ? List.of("DD/MM/Y", "D/M/Y") : List.of("MM/DD/Y", "M/D/Y"));
    Set<List<String>> languages = new LinkedHashSet<>(MONTHS.subList(0, 2));
    List<String> own = to.monthNames();
    if (own != null) {
      languages.add(own);
    }
    // "May" is both long and short, 12 has no zero to lose: the first that writes it so counts.
    Set<String> spellings = new HashSet<>(Set.of(surrogate));
    List<Alias> aliases = new ArrayList<>();
    for (String format : formats) {
      for (List<String> names : languages) {
        Writing writing = format.contains("N") ? Writing.WORDS : Writing.LITERAL;
        String spelled = formatted(format, to.date(), names);
        Plaintext meant = new Plaintext(formatted(format, from.date(), names));
        if (spellings.add(spelled)) {
          aliases.add(new Alias(spelled, meant, Strategy.DATE_FORMAT, writing));
        }
      }
    }
    return List.copyOf(aliases);
  }

  private static String formatted(String format, LocalDate date, List<String> names) {
    String day = Integer.toString(date.getDayOfMonth());
    String month = Integer.toString(date.getMonthValue());
    Matcher fields = FIELD.matcher(format);
    return fields.replaceAll(
        field ->
            switch (field.group()) {
              case "DD" -> day.length() == 1 ? "0" + day : day;
              case "DO" -> day + ordinal(date.getDayOfMonth());
              case "D" -> day;
              case "MM" -> month.length() == 1 ? "0" + month : month;
              case "M" -> month;
              case "Y" -> String.format(Locale.ROOT, "%04d", date.getYear());
              default -> names.get(date.getMonthValue() - 1);
            });
  }

  private static int shiftDays(Draws draws, String identity) {
    int shift = draws.steady().about("date shift", "").between(SHIFT_DAYS_MIN, SHIFT_DAYS_MAX);
    return draws.isSteady()
        ? shift
        : shift + draws.about("date shift", identity).between(1, 365 * (1 + draws.probe() % 8));
  }

  private static String compact(String spelling, Draws draws) {
    try {
      LocalDate date =
          LocalDate.of(
              Integer.parseInt(spelling.substring(0, 4)),
              Integer.parseInt(spelling.substring(4, 6)),
              Integer.parseInt(spelling.substring(6)));
      LocalDate moved = date.minusDays(shiftDays(draws, spelling));
      return moved.toString().replace("-", "");
    } catch (DateTimeException e) {
      return CharacterClasses.replaced(spelling, draws.about("DATE", spelling));
    }
  }

  private static String moved(String spelling, Parsed parsed, int shiftDays) {
    LocalDate moved = parsed.date().minusDays(shiftDays);
    StringBuilder out = new StringBuilder(spelling.length() + 8);
    int copied = 0;
    for (Part part : parts(spelling)) {
      String replaced = part.text();
      int end = part.end();
      if (part.equals(parsed.day())) {
        replaced = number(moved.getDayOfMonth(), part.text(), parsed.monthNames() != null);
        String after = spelling.substring(end, Math.min(end + 2, spelling.length()));
        if (ORDINAL.matcher(after).matches()) {
          replaced += Casing.like(after, ordinal(moved.getDayOfMonth()));
          end += 2;
        }
      } else if (part.equals(parsed.year())) {
        String year = Integer.toString(moved.getYear());
        replaced = part.text().length() == 2 ? year.substring(year.length() - 2) : year;
      } else if (part.equals(parsed.month())) {
        List<String> names = parsed.monthNames();
        replaced =
            names == null
                ? number(moved.getMonthValue(), part.text(), false)
                : cased(part.text(), names.get(moved.getMonthValue() - 1));
      } else if (parsed.year() != null && parsed.day() != null) {
        replaced = weekday(part.text(), moved);
      }
      if (part.start() >= copied) {
        out.append(spelling, copied, part.start()).append(replaced);
        copied = end;
      }
    }
    return out.append(spelling, copied, spelling.length()).toString();
  }

  private static @Nullable Parsed parsed(String spelling) {
    Matcher time = TIME.matcher(spelling);
    String dated = time.find() ? spelling.substring(0, time.start()) : spelling;
    List<Part> parts = parts(dated);
    List<Part> numbers = new ArrayList<>(parts.stream().filter(Part::isNumber).toList());
    Part month = null;
    List<String> monthNames = null;
    for (Part part : parts) {
      List<String> names = part.isNumber() ? null : monthNames(part.text());
      if (names != null && month == null) {
        month = part;
        monthNames = names;
      }
    }
    if (numbers.isEmpty() || numbers.size() > 3) {
      return null;
    }
    Part year = null;
    for (Part number : numbers) {
      if (number.text().length() == 4 && year == null) {
        year = number;
      }
    }
    numbers.remove(year);
    if (year == null && numbers.size() == (month == null ? 3 : 2)) {
      year = numbers.removeLast();
    }
    if (numbers.stream().anyMatch(number -> number.text().length() > 2)
        || (year != null && year.text().length() != 2 && year.text().length() != 4)) {
      return null;
    }
    Part day = null;
    if (month != null) {
      if (numbers.size() > 1) {
        return null;
      }
      day = numbers.isEmpty() ? null : numbers.getFirst();
    } else if (numbers.size() == 2 && year != null) {
      boolean dayFirst = dayFirst(dated, year, numbers);
      day = numbers.get(dayFirst ? 0 : 1);
      month = numbers.get(dayFirst ? 1 : 0);
    } else if (numbers.size() == 1 && year != null) {
      month = numbers.getFirst();
    } else if (!numbers.isEmpty() || year == null || parts.size() > 1) {
      return null;
    }
    try {
      int monthOfYear = 7;
      if (month != null) {
        monthOfYear =
            monthNames == null
                ? Integer.parseInt(month.text())
                : 1 + indexIgnoringCase(monthNames, month.text());
      }
      LocalDate date =
          LocalDate.of(
              year == null ? NO_YEAR : fullYear(year.text()),
              monthOfYear,
              day == null ? 15 : Integer.parseInt(day.text()));
      return new Parsed(day, month, year, monthNames, date);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** What cannot be told from the text is read as its separator suggests. */
  private static boolean dayFirst(String dated, Part year, List<Part> numbers) {
    if (year.start() < numbers.getFirst().start()) {
      return false;
    }
    if (Integer.parseInt(numbers.getFirst().text()) > 12) {
      return true;
    }
    if (Integer.parseInt(numbers.getLast().text()) > 12) {
      return false;
    }
    return dated.charAt(numbers.getFirst().end()) != '/';
  }

  private static int fullYear(String year) {
    int number = Integer.parseInt(year);
    if (year.length() == 4) {
      if (number < 1000) {
        throw new DateTimeException("no year of the calendar's use");
      }
      return number;
    }
    return number + (number <= PIVOT_YEAR ? 2000 : 1900);
  }

  private static List<Part> parts(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = PART.matcher(text);
    while (matcher.find()) {
      parts.add(new Part(matcher.start(), matcher.end(), matcher.group()));
    }
    return parts;
  }

  /** Of the language that writes the month so; languages that agree but for case come second. */
  private static @Nullable List<String> monthNames(String word) {
    for (List<String> names : MONTHS) {
      if (names.contains(word)) {
        return names;
      }
    }
    for (List<String> names : MONTHS) {
      if (indexIgnoringCase(names, word) >= 0) {
        return names;
      }
    }
    return null;
  }

  private static int indexIgnoringCase(List<String> words, String word) {
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equalsIgnoreCase(word)) {
        return i;
      }
    }
    return -1;
  }

  private static String weekday(String word, LocalDate date) {
    for (List<String> names : WEEKDAYS) {
      if (indexIgnoringCase(names, word) >= 0) {
        return Casing.like(word, names.get(date.getDayOfWeek().getValue() - 1));
      }
    }
    return word;
  }

  /** Weekdays and months without a date, moved on by a few. */
  private static String wordsMoved(String text, int by) {
    StringBuilder out = new StringBuilder(text);
    for (Part part : parts(text).reversed()) {
      List<String> names = monthNames(part.text());
      if (names == null) {
        names =
            WEEKDAYS.stream()
                .filter(days -> indexIgnoringCase(days, part.text()) >= 0)
                .findFirst()
                .orElse(null);
      }
      if (names != null) {
        int moved = (indexIgnoringCase(names, part.text()) + by) % names.size();
        out.replace(part.start(), part.end(), cased(part.text(), names.get(moved)));
      }
    }
    return out.toString();
  }

  private static String cased(String model, String name) {
    if (Character.isUpperCase(model.charAt(0))) {
      return Casing.like(model, name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
    }
    return Casing.fold(name);
  }

  /** Beside other numbers a date's are as wide as before; beside a word only if led by a zero. */
  private static String number(int value, String model, boolean worded) {
    String number = Integer.toString(value);
    boolean wide = model.length() == 2 && (!worded || model.charAt(0) == '0');
    return wide && number.length() == 1 ? "0" + number : number;
  }

  private static String ordinal(int day) {
    if (day >= 11 && day <= 13) {
      return "th";
    }
    return switch (day % 10) {
      case 1 -> "st";
      case 2 -> "nd";
      case 3 -> "rd";
      default -> "th";
    };
  }
}
