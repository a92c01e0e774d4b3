package io.mantle.privacy.detect.link;

import io.mantle.privacy.detect.link.Form.Care;
import io.mantle.privacy.value.EntityType;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Gathers the spellings under which what was found may stand elsewhere. Of two values that give the
 * same spelling the first is believed; what was found as it is comes before all that is derived.
 */
final class Forms {
  private static final int WORD_CHARS_MIN = 3;
  private static final int CAPITALS_CHARS_MIN = 4;
  private static final int LOWER_CHARS_MIN = 5;
  private static final int HANDLE_CHARS_MIN = 4;
  private static final int BARE_HANDLE_CHARS_MIN = 5;

  /** With more people than this in one document, the rest are only found again as they are. */
  private static final int NAMES_MAX = 2_000;

  /** Names too, but where they stand alone they say when, far more often than who. */
  private static final Set<String> TIMES =
      Set.of(
          "january",
          "february",
          "march",
          "april",
          "may",
          "june",
          "july",
          "august",
          "september",
          "october",
          "november",
          "december",
          "summer",
          "winter",
          "autumn",
          "spring",
          "sunday",
          "monday",
          "tuesday",
          "wednesday",
          "thursday",
          "friday",
          "saturday");

  /** What stands before the {@code @} of a function's mailbox, not of a person's. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "info",
          "sales",
          "support",
          "service",
          "services",
          "customer",
          "customers",
          "contact",
          "office",
          "team",
          "help",
          "helpdesk",
          "desk",
          "admin",
          "administrator",
          "noreply",
          "no",
          "reply",
          "mail",
          "email",
          "billing",
          "accounts",
          "account",
          "press",
          "media",
          "jobs",
          "careers",
          "hr",
          "legal",
          "privacy",
          "security",
          "abuse",
          "webmaster",
          "postmaster",
          "news",
          "newsletter",
          "notifications",
          "alerts",
          "user",
          "test",
          "demo",
          "example",
          "hello",
          "first",
          "last",
          "name",
          "firstname",
          "lastname",
          "your",
          "my",
          "group",
          "all",
          "dev",
          "ops",
          "data",
          "api",
          "bot",
          "system",
          "root",
          "feedback",
          "orders",
          "order",
          "returns",
          "kunden",
          "kundenservice",
          "buero",
          "kontakt",
          "vertrieb",
          "rechnung",
          "bewerbung");

  private static final Pattern LEGAL_FORM =
      Pattern.compile(
          "(?:,? (?:Inc|Corp|Ltd|LLC|LLP|PLC|Plc|plc|GmbH|AG|KG|SE|SA|SAS|SARL|SL|SRL|Srl|SpA|BV|NV"
              + "|AB|AS|ASA|Oy|Oyj|ApS|Pty|Co|Limited|Corporation|Incorporated|Company|Group"
              + "|Holdings?|S\\.A|S\\.p\\.A|S\\.r\\.l|B\\.V|N\\.V|Sp\\. z o\\.o)\\.?)+$");

  private static final Pattern MAILBOX_JOINT = Pattern.compile("[._-]");

  private final Map<String, Form> forms = new LinkedHashMap<>();
  private final Map<String, Double> handles = new HashMap<>();
  private final Set<String> names = new HashSet<>();

  /** By spelling, in the order of belief. */
  Map<String, Form> bySpelling() {
    return forms;
  }

  /** What a handle may consist of, its letters alone and in lower case, with the score. */
  Map<String, Double> handles() {
    return handles;
  }

  /** A value as it was found. */
  void asFound(String value, EntityType type, double score) {
    forms.putIfAbsent(value, new Form(type, Care.AS_FOUND, score));
  }

  /** All that a person may be called besides. */
  void ofPerson(String value, double score) {
    if (names.size() >= NAMES_MAX || !names.add(value)) {
      return;
    }
    PersonName name = PersonName.parse(value);
    if (name == null) {
      return;
    }
    if (!name.given().isEmpty()) {
      ofWholeName(name, score);
    }
    single(name.surname(), score);
    hyphenated(name.surname(), score);
    if (!name.particles().isEmpty()) {
      several(name.wholeSurname(), score);
    }
    for (String given : name.given()) {
      single(given, score);
    }
  }

  private void ofWholeName(PersonName name, double score) {
    String first = name.given().getFirst();
    String surname = name.wholeSurname();
    String all = String.join(" ", name.given());
    boolean distinctive = !(isCommon(first) && isCommon(name.surname()));
    inEachCase(all + " " + surname, distinctive, score);
    inEachCase(surname + ", " + all, distinctive, score);
    several(surname + " " + all, score);
    String initial = first.substring(0, 1);
    if (first.length() > 1) {
      inEachCase(first + " " + surname, distinctive, score);
      inEachCase(surname + ", " + first, distinctive, score);
      several(first + " " + name.surname().charAt(0) + ".", score);
      handles(first, name.surname(), score);
    }
    several(initial + ". " + surname, score);
    several(initial + "." + surname, score);
    several(initial + " " + surname, score);
    several(surname + ", " + initial + ".", score);
    if (name.given().size() > 1) {
      String second = name.given().get(1);
      several(second + " " + surname, score);
      several(first + " " + second, score);
      several(first + " " + second.charAt(0) + ". " + surname, score);
      several(initial + ". " + second.charAt(0) + ". " + surname, score);
      several(initial + "." + second.charAt(0) + ". " + surname, score);
    }
  }

  private void hyphenated(String surname, double score) {
    if (surname.indexOf('-') > 0) {
      for (String part : surname.split("-", -1)) {
        single(part, score);
      }
      several(surname.replace('-', ' '), score);
    }
  }

  /** As a name is written, in capitals, and, where it can hardly be anything else, in small. */
  private void inEachCase(String several, boolean distinctive, double score) {
    several(several, score);
    if (distinctive) {
      add(several.toLowerCase(Locale.ROOT), EntityType.PERSON, Care.SEVERAL_WORDS, score);
    }
  }

  private void several(String spelling, double score) {
    add(spelling, EntityType.PERSON, Care.SEVERAL_WORDS, score);
    add(spelling.toUpperCase(Locale.ROOT), EntityType.PERSON, Care.SEVERAL_WORDS, score);
  }

  private void single(String word, double score) {
    String lower = word.toLowerCase(Locale.ROOT);
    if (word.length() < WORD_CHARS_MIN || TIMES.contains(lower)) {
      return;
    }
    if (isCommon(word)) {
      add(word, EntityType.PERSON, Care.COMMON_WORD, score);
      return;
    }
    add(word, EntityType.PERSON, Care.NAME, score);
    if (word.length() >= CAPITALS_CHARS_MIN) {
      add(word.toUpperCase(Locale.ROOT), EntityType.PERSON, Care.NAME, score);
    }
    if (word.length() >= LOWER_CHARS_MIN) {
      add(lower, EntityType.PERSON, Care.NAME, score);
    }
  }

  private void handles(String given, String surname, double score) {
    String first = letters(given);
    String last = letters(surname);
    if (first.isEmpty() || last.isEmpty()) {
      return;
    }
    for (String handle :
        List.of(first + last, last + first, first.charAt(0) + last, last + first.charAt(0))) {
      handle(handle, score);
      if (handle.length() >= BARE_HANDLE_CHARS_MIN && !CommonWords.contains(handle)) {
        add(handle, EntityType.USERNAME, Care.SEVERAL_WORDS, score);
      }
    }
    handle(first + last.charAt(0), score);
    handle(isCommon(given) ? "" : first, score);
    handle(isCommon(surname) ? "" : last, score);
    for (String joint : List.of(".", "_", "-")) {
      add(first + joint + last, EntityType.USERNAME, Care.SEVERAL_WORDS, score);
      add(first.charAt(0) + joint + last, EntityType.USERNAME, Care.SEVERAL_WORDS, score);
    }
  }

  private void handle(String handle, double score) {
    if (handle.length() >= HANDLE_CHARS_MIN) {
      handles.putIfAbsent(handle, score);
    }
  }

  /** Whom an address is named after: {@code jane.smith@} is Jane Smith, if the text has her. */
  void ofEmail(String address, double score) {
    int at = address.indexOf('@');
    if (at < 0) {
      return;
    }
    String[] parts = MAILBOX_JOINT.split(address.substring(0, at).toLowerCase(Locale.ROOT), -1);
    if (parts.length != 2 || !isNamePart(parts[0]) || !isNamePart(parts[1])) {
      return;
    }
    String first = capitalised(parts[0]);
    String last = capitalised(parts[1]);
    several(first + " " + last, score);
    several(last + ", " + first, score);
    if (!isCommon(first) && !isCommon(last)) {
      single(first, score);
      single(last, score);
    }
  }

  private static boolean isNamePart(String part) {
    return part.length() >= WORD_CHARS_MIN
        && part.chars().allMatch(Character::isLetter)
        && !FUNCTIONS.contains(part);
  }

  /** An organisation without what its law calls it. */
  void ofOrganisation(String value, double score) {
    String core = LEGAL_FORM.matcher(value).replaceFirst("");
    if (core.length() == value.length()
        || core.length() < WORD_CHARS_MIN
        || !Character.isUpperCase(core.charAt(0))) {
      return;
    }
    boolean oneWord = core.chars().allMatch(Character::isLetter);
    Care care = !oneWord ? Care.SEVERAL_WORDS : isCommon(core) ? Care.COMMON_WORD : Care.NAME;
    add(core, EntityType.ORG, care, score);
    if (care != Care.COMMON_WORD && core.length() >= CAPITALS_CHARS_MIN) {
      add(core.toUpperCase(Locale.ROOT), EntityType.ORG, care, score);
    }
  }

  private void add(String spelling, EntityType type, Care care, double score) {
    forms.putIfAbsent(spelling, new Form(type, care, score));
  }

  private static boolean isCommon(String word) {
    return CommonWords.contains(word.toLowerCase(Locale.ROOT));
  }

  private static String capitalised(String lower) {
    return Character.toUpperCase(lower.charAt(0)) + lower.substring(1);
  }

  /** As account names write it: ASCII letters in lower case, marks left out. */
  static String letters(String word) {
    StringBuilder letters = new StringBuilder(word.length());
    String plain = Normalizer.normalize(word, Normalizer.Form.NFD);
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if (c < 128 && Character.isLetter(c)) {
        letters.append(Character.toLowerCase(c));
      } else if (c == '\u00DF') {
        letters.append("ss");
      }
    }
    return letters.toString();
  }
}
