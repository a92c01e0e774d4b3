package io.mantle.bench.rehydrate;

import io.mantle.privacy.value.EntityType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * The ways in which a model writes what it was sent: each takes a value as it left and writes it
 * otherwise, and, given the original, says what a client should read there.
 */
final class SimulatedModel {
  private SimulatedModel() {}

  /**
   * One way of writing.
   *
   * @param type of the values that are written so
   * @param exact whether the surrogate stands there as it left
   * @param weight how often, among the ways of its type
   * @param written what the model writes for a surrogate
   * @param expected what a client should read, of the original
   */
  record Way(
      String name,
      EntityType type,
      boolean exact,
      int weight,
      UnaryOperator<String> written,
      UnaryOperator<String> expected) {}

  /** Every way of each type. */
  static List<Way> ways() {
    return List.of(
        exact("as it left", EntityType.PERSON, 40, value -> value),
        exact("genitive", EntityType.PERSON, 6, value -> value + "'s"),
        exact("in bold", EntityType.PERSON, 6, value -> "**" + value + "**"),
        tolerant("in capitals", EntityType.PERSON, 3, value -> value.toUpperCase(Locale.ROOT)),
        tolerant("in small letters", EntityType.PERSON, 3, value -> value.toLowerCase(Locale.ROOT)),
        tolerant("first name", EntityType.PERSON, 8, SimulatedModel::first),
        tolerant("surname", EntityType.PERSON, 4, SimulatedModel::last),
        tolerant("title and surname", EntityType.PERSON, 8, value -> "Ms. " + last(value)),
        tolerant("surname first", EntityType.PERSON, 3, v -> last(v) + ", " + first(v)),
        tolerant("initial", EntityType.PERSON, 3, v -> v.charAt(0) + ". " + last(v)),
        tolerant(
            "surname's initial",
            EntityType.PERSON,
            2,
            v -> first(v) + " " + last(v).charAt(0) + "."),
        tolerant("bold first name", EntityType.PERSON, 2, v -> "**" + first(v) + "** " + last(v)),
        tolerant("quoted first name", EntityType.PERSON, 2, v -> "\"" + first(v) + "\" " + last(v)),
        tolerant("no-break space", EntityType.PERSON, 3, v -> v.replace(' ', '\u00a0')),
        tolerant("line break", EntityType.PERSON, 2, value -> value.replace(' ', '\n')),
        tolerant("plural", EntityType.PERSON, 2, value -> "the " + last(value) + "s"),
        whole("hyphenated", EntityType.PERSON, 2, value -> hyphenated(value)),
        tolerant(
            "in a query",
            EntityType.PERSON,
            2,
            v -> URLEncoder.encode(v, StandardCharsets.UTF_8).replace("+", "%20")),
        tolerant("in HTML", EntityType.PERSON, 2, value -> value.replace(" ", "&nbsp;")),
        tolerant("in JSON", EntityType.PERSON, 2, value -> value.replace(" ", "\\u0020")),
        whole("letters exchanged", EntityType.PERSON, 2, SimulatedModel::exchanged),
        whole("letter doubled", EntityType.PERSON, 2, SimulatedModel::doubled),
        whole("letter missing", EntityType.PERSON, 2, SimulatedModel::missing),
        tolerant("cut off", EntityType.PERSON, 2, SimulatedModel::first),
        exact("as it left", EntityType.EMAIL, 10, value -> value),
        exact("as a link", EntityType.EMAIL, 3, v -> "[write](mailto:" + v + ")"),
        tolerant("in capitals", EntityType.EMAIL, 2, value -> value.toUpperCase(Locale.ROOT)),
        tolerant("marks escaped", EntityType.EMAIL, 2, v -> v.replace(".", "\\."), v -> v),
        tolerant(
            "in a query",
            EntityType.EMAIL,
            2,
            value -> value.replace("@", "%40"),
            v -> v.replace("@", "%40")),
        exact("as it left", EntityType.CREDIT_CARD, 10, value -> value),
        tolerant("without spaces", EntityType.CREDIT_CARD, 3, value -> value.replace(" ", "")),
        tolerant("with hyphens", EntityType.CREDIT_CARD, 3, value -> value.replace(' ', '-')),
        exact("as it left", EntityType.IBAN, 10, value -> value),
        tolerant("without spaces", EntityType.IBAN, 4, value -> value.replace(" ", "")),
        exact("as it left", EntityType.PHONE, 10, value -> value),
        tolerant("national", EntityType.PHONE, 4, SimulatedModel::national),
        tolerant("with dots", EntityType.PHONE, 3, value -> value.replace(' ', '.')),
        tolerant("digits alone", EntityType.PHONE, 3, value -> value.replace(" ", "")),
        exact("as it left", EntityType.DATE_OF_BIRTH, 10, value -> value),
        tolerant("in words", EntityType.DATE_OF_BIRTH, 4, value -> date(value, "MMMM d, yyyy")),
        tolerant("in words, day first", EntityType.DATE_OF_BIRTH, 3, v -> date(v, "d MMMM yyyy")),
        tolerant("with slashes", EntityType.DATE_OF_BIRTH, 3, value -> date(value, "MM/dd/yyyy")),
        tolerant("with dots", EntityType.DATE_OF_BIRTH, 3, value -> date(value, "dd.MM.yyyy")));
  }

  private static Way exact(String name, EntityType type, int weight, UnaryOperator<String> way) {
    return new Way(name, type, true, weight, way, way);
  }

  private static Way tolerant(String name, EntityType type, int weight, UnaryOperator<String> way) {
    return new Way(name, type, false, weight, way, way);
  }

  private static Way tolerant(
      String name,
      EntityType type,
      int weight,
      UnaryOperator<String> way,
      UnaryOperator<String> expected) {
    return new Way(name, type, false, weight, way, expected);
  }

  /** What is mended: the client reads the original as it was. */
  private static Way whole(String name, EntityType type, int weight, UnaryOperator<String> way) {
    return new Way(name, type, false, weight, way, value -> value);
  }

  private static String first(String name) {
    return name.substring(0, name.indexOf(' '));
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf(' ') + 1);
  }

  private static String hyphenated(String name) {
    int at = name.length() - 3;
    return name.substring(0, at) + "-\n" + name.substring(at);
  }

  private static String exchanged(String name) {
    int at = name.length() - 3;
    char[] letters = name.toCharArray();
    char letter = letters[at];
    letters[at] = letters[at + 1];
    letters[at + 1] = letter;
    return new String(letters);
  }

  private static String doubled(String name) {
    int at = name.length() - 2;
    return name.substring(0, at) + name.charAt(at) + name.substring(at);
  }

  private static String missing(String name) {
    int at = name.length() - 2;
    return name.substring(0, at) + name.substring(at + 1);
  }

  private static String national(String phone) {
    String[] parts = phone.split(" ", -1);
    return "(" + parts[1] + ") " + parts[2] + "-" + parts[3];
  }

  private static String date(String date, String pattern) {
    return LocalDate.parse(date).format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
  }
}
