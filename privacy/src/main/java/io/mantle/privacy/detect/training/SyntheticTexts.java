package io.mantle.privacy.detect.training;

import io.mantle.privacy.detect.training.LabelledText.Entity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.datafaker.Faker;

/**
 * Writes labelled texts from templates of our own, with names from Datafaker (Apache-2.0) in many
 * locales: prompts, mail, tickets and records that hold names, and code, logs, headings and prose
 * that hold none. The same seed writes the same texts.
 */
final class SyntheticTexts {
  private static final Set<String> ANNOTATED = Set.of("PERSON", "LOCATION", "ORG");
  private static final Pattern SLOT = Pattern.compile("\\{(\\w+)}");
  private static final int POOL_DRAWS = 1_500;

  private static final List<String> LOCALES =
      List.of(
          "en-US", "en-US", "en-US", "en-GB", "en-IN", "en-NG", "de", "fr", "es", "it", "nl", "pl",
          "pt-BR", "sv-SE", "nb-NO", "da-DK", "fi-FI", "cs-CZ", "hu", "tr", "ro-MD", "hr", "id-ID",
          "es-MX");

  private final Random random;
  private final List<Names> names = new ArrayList<>();
  private final List<String> cities;
  private final List<String> organisations;

  private record Names(List<String> first, List<String> last) {}

  SyntheticTexts(long seed) {
    random = new Random(seed);
    for (String locale : LOCALES) {
      Faker faker = new Faker(Locale.forLanguageTag(locale), new Random(seed));
      names.add(
          new Names(pool(() -> faker.name().firstName()), pool(() -> faker.name().lastName())));
    }
    Faker english = new Faker(Locale.US, new Random(seed));
    List<String> places = new ArrayList<>(Phrases.CITIES);
    places.addAll(pool(() -> english.address().country()));
    cities = List.copyOf(places);
    List<String> companies = new ArrayList<>(Phrases.COMPANIES);
    companies.addAll(pool(() -> english.company().name()).subList(0, 600));
    organisations = List.copyOf(companies);
  }

  private static List<String> pool(Supplier<String> source) {
    Set<String> pool = new LinkedHashSet<>();
    for (int i = 0; i < POOL_DRAWS; i++) {
      pool.add(source.get());
    }
    return List.copyOf(pool);
  }

  /** {@code count} texts with names and two thirds as many without. */
  List<LabelledText> write(int count) {
    List<LabelledText> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(recased(fill("synthetic/with/" + i, joined(Phrases.WITH_NAMES))));
    }
    for (int i = 0; i < count * 2 / 3; i++) {
      texts.add(fill("synthetic/without/" + i, joined(Phrases.WITHOUT_NAMES)));
    }
    return texts;
  }

  /** Mostly one template; sometimes one with names amid two without. */
  private String joined(List<String> templates) {
    String template = pick(templates);
    if (random.nextInt(4) > 0) {
      return template;
    }
    String joint = random.nextBoolean() ? "\n" : "\n\n";
    return pick(Phrases.WITHOUT_NAMES) + joint + template + joint + pick(Phrases.WITHOUT_NAMES);
  }

  private LabelledText fill(String id, String template) {
    StringBuilder text = new StringBuilder();
    List<Entity> entities = new ArrayList<>();
    Matcher slot = SLOT.matcher(template);
    int from = 0;
    while (slot.find()) {
      text.append(template, from, slot.start());
      from = slot.end();
      int start = text.length();
      switch (slot.group(1)) {
        case "person" -> {
          text.append(person());
          entities.add(new Entity(start, text.length(), "PERSON"));
        }
        case "first" -> {
          text.append(pick(locale().first));
          entities.add(new Entity(start, text.length(), "PERSON"));
        }
        case "last" -> {
          text.append(pick(locale().last));
          entities.add(new Entity(start, text.length(), "PERSON"));
        }
        case "city" -> {
          text.append(pick(cities));
          entities.add(new Entity(start, text.length(), "LOCATION"));
        }
        case "org" -> {
          text.append(pick(organisations));
          entities.add(new Entity(start, text.length(), "ORG"));
        }
        case "start" -> text.append(pick(Phrases.STARTS));
        case "Start" -> text.append(capitalised(pick(Phrases.STARTS)));
        case "word" -> text.append(pick(Phrases.WORDS));
        case "Word" -> text.append(capitalised(pick(Phrases.WORDS)));
        case "WORD" -> text.append(pick(Phrases.WORDS).toUpperCase(Locale.ROOT));
        case "Heading" -> text.append(heading());
        case "Tech" -> text.append(pick(Phrases.TECHNOLOGIES));
        case "Day" -> text.append(pick(Phrases.DAYS));
        case "id" -> text.append(identifier());
        case "n" -> text.append(random.nextInt(10_000));
        default -> throw new IllegalArgumentException("no slot " + slot.group());
      }
    }
    text.append(template, from, template.length());
    return new LabelledText(id, text.toString(), entities, ANNOTATED);
  }

  private String person() {
    Names of = locale();
    String first = pick(of.first);
    String last = pick(of.last);
    return switch (random.nextInt(20)) {
      case 0 -> first + " " + initial() + ". " + last;
      case 1 -> initial() + ". " + last;
      case 2 -> first + " " + pick(of.first) + " " + last;
      case 3 -> first + " " + last + "-" + pick(of.last);
      case 4 -> last + ", " + first;
      case 5 -> first + "-" + pick(of.first) + " " + last;
      case 6 -> initial() + "." + initial() + ". " + last;
      default -> first + " " + last;
    };
  }

  private char initial() {
    return (char) ('A' + random.nextInt(26));
  }

  private String heading() {
    StringBuilder heading = new StringBuilder();
    int words = 1 + random.nextInt(4);
    for (int i = 0; i < words; i++) {
      heading.append(i > 0 ? " " : "").append(capitalised(pick(Phrases.WORDS)));
    }
    return heading.toString();
  }

  private String identifier() {
    String first = pick(Phrases.WORDS);
    String second = capitalised(pick(Phrases.WORDS));
    return switch (random.nextInt(4)) {
      case 0 -> first + second;
      case 1 -> capitalised(first) + second;
      case 2 -> first + "_" + second.toLowerCase(Locale.ROOT);
      default -> first.toUpperCase(Locale.ROOT) + "_" + second.toUpperCase(Locale.ROOT);
    };
  }

  /** Some texts in capitals and some without any, as people type. */
  private LabelledText recased(LabelledText text) {
    int variant = random.nextInt(10);
    if (variant > 1) {
      return text;
    }
    String written =
        variant == 0 ? text.text().toLowerCase(Locale.ROOT) : text.text().toUpperCase(Locale.ROOT);
    // A few letters change their length with their case; such a text stays as it is.
    return written.length() == text.text().length()
        ? new LabelledText(text.id(), written, text.entities(), text.annotated())
        : text;
  }

  private Names locale() {
    return pick(names);
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static String capitalised(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
