package io.mantle.privacy.surrogate;

import io.mantle.privacy.surrogate.NameWords.Role;
import io.mantle.privacy.surrogate.WordLists.Language;
import io.mantle.privacy.value.Alias;
import io.mantle.privacy.value.Alias.Writing;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Strategy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names of people. Titles, particles and generation suffixes stay, initials stay initials, and
 * everything between the words stays as it was.
 */
final class PersonShape implements Shape {
  private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}\\p{M}'’]*");
  private static final Pattern POSSESSIVE = Pattern.compile("['’]s?$", Pattern.CASE_INSENSITIVE);

  private static final Set<String> TITLES =
      Set.of(
          "dr",
          "mr",
          "mrs",
          "ms",
          "mx",
          "miss",
          "prof",
          "professor",
          "doctor",
          "sir",
          "dame",
          "madam",
          "rev",
          "reverend",
          "fr",
          "father",
          "hon",
          "judge",
          "capt",
          "captain",
          "sgt",
          "col",
          "gen",
          "lt",
          "herr",
          "hr",
          "frau",
          "fräulein",
          "ing",
          "dipl",
          "med",
          "mag",
          "mme",
          "mlle",
          "monsieur",
          "madame",
          "maître",
          "señor",
          "señora",
          "sra",
          "srta",
          "don",
          "doña",
          "sig",
          "signor",
          "signora",
          "dott",
          "dottssa",
          "pan",
          "pani",
          "senhor",
          "senhora",
          "dra",
          "fru",
          "jr",
          "sr",
          "ii",
          "iii",
          "iv",
          "phd",
          "ph",
          "md",
          "esq",
          "mba",
          "rn");

  private static final Set<String> PARTICLES =
      Set.of(
          "van", "von", "vom", "der", "den", "de", "del", "della", "di", "da", "das", "do", "dos",
          "du", "la", "le", "las", "los", "zu", "zum", "zur", "ter", "ten", "bin", "ibn", "al",
          "el", "y", "e", "und", "and", "et", "of", "the", "af", "av", "d", "o");

  /** What a model makes of two names: F and L are the names, f and l their initials. */
  private static final List<String> ORDERS =
      List.of("F L", "L, F", "L F", "f L", "L, f", "F l", "f l", "fl");

  private static final Pattern COMMA = Pattern.compile("^[^,\\s]+(?:[- ][^,\\s]+)*,");

  /** One word of a name and where it stands. */
  private record Word(int start, int end, String text, boolean kept, boolean joined) {}

  private final NameWords names;
  private final WordLists lists;

  PersonShape(NameWords names, WordLists lists) {
    this.names = names;
    this.lists = lists;
  }

  @Override
  public String identity(String spelling) {
    return Casing.foldWords(spelling);
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    List<Word> words = words(spelling);
    if (words.isEmpty()) {
      return CharacterClasses.replacedWithMarks(
          spelling, draws.about("PERSON", identity(spelling)));
    }
    List<Role> roles = roles(spelling, words);
    Language language = language(words, roles);
    StringBuilder out = new StringBuilder(spelling.length() + 16);
    int copied = 0;
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      out.append(spelling, copied, word.start());
      copied = word.end();
      if (word.kept()) {
        out.append(word.text());
      } else if (word.text().length() == 1 && words.size() > 1) {
        out.append(Casing.like(word.text(), NameWords.initial(draws, word.text())));
      } else {
        String drawn = names.surrogate(draws, word.text(), roles.get(i), language);
        out.append(Casing.like(word.text(), drawn));
      }
    }
    out.append(spelling, copied, spelling.length());
    return withoutDigits(out.toString(), spelling, draws);
  }

  /** Digits do not belong to a name; where a recogniser let some in, they do not stay. */
  private static String withoutDigits(String surrogate, String spelling, Draws draws) {
    String digits = Digits.of(surrogate);
    return digits.isEmpty()
        ? surrogate
        : Digits.replaced(
            surrogate, draws.about("PERSON/digits", spelling).digits(digits.length()));
  }

  /** The names alone, in another order, and with initials. */
  @Override
  public List<Alias> aliases(String original, String surrogate) {
    List<Name> from = names(original);
    List<Name> to = names(surrogate);
    if (from.isEmpty() || from.size() != to.size()) {
      return List.of();
    }
    Set<Alias> aliases = new LinkedHashSet<>();
    for (int i = 0; i < to.size(); i++) {
      alias(aliases, Strategy.NAME_PART, to.get(i).text(), from.get(i).text());
      alias(aliases, Strategy.NAME_PART, to.get(i).withParticles(), from.get(i).withParticles());
      String[] parts = to.get(i).text().split("-", -1);
      String[] originalParts = from.get(i).text().split("-", -1);
      for (int part = 0; part < parts.length && parts.length == originalParts.length; part++) {
        alias(aliases, Strategy.NAME_PART, parts[part], originalParts[part]);
      }
    }
    if (to.size() > 1) {
      boolean surnameFirst = COMMA.matcher(surrogate).find();
      Name first = surnameFirst ? to.get(1) : to.getFirst();
      Name last = surnameFirst ? to.getFirst() : to.getLast();
      Name originalFirst = surnameFirst ? from.get(1) : from.getFirst();
      Name originalLast = surnameFirst ? from.getFirst() : from.getLast();
      for (String order : ORDERS) {
        // An initial stands for itself, and no more than it was is known of it.
        boolean whole = order.contains("F") && first.text().length() == 1;
        Strategy strategy =
            order.contains("F") && order.contains("L") ? Strategy.NAME_PART : Strategy.INITIALS;
        if (!whole) {
          alias(
              aliases,
              strategy,
              ordered(order, first, last),
              ordered(order, originalFirst, originalLast));
        }
      }
    }
    return aliases.stream().filter(alias -> !alias.surrogate().equals(surrogate)).toList();
  }

  private static String ordered(String order, Name first, Name last) {
    StringBuilder ordered = new StringBuilder();
    for (int i = 0; i < order.length(); i++) {
      switch (order.charAt(i)) {
        case 'F' -> ordered.append(first.text());
        case 'L' -> ordered.append(last.withParticles());
        case 'f' -> ordered.append(first.text(), 0, 1).append('.');
        case 'l' -> ordered.append(last.text(), 0, 1).append('.');
        default -> ordered.append(order.charAt(i));
      }
    }
    return ordered.toString();
  }

  private static void alias(
      Set<Alias> aliases, Strategy strategy, String surrogate, String original) {
    if (surrogate.length() > 2) {
      aliases.add(new Alias(surrogate, new Plaintext(original), strategy, Writing.WORDS));
    }
  }

  /** A name of one person: hyphenated ones are one, what is kept is none. */
  private record Name(String text, String withParticles) {}

  private static List<Name> names(String spelling) {
    List<Name> names = new ArrayList<>();
    List<Word> words = words(spelling);
    int particles = -1;
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      if (word.kept()) {
        boolean particle = PARTICLES.contains(Casing.fold(word.text()));
        particles = !particle ? -1 : particles < 0 ? word.start() : particles;
        continue;
      }
      int end = word.end();
      while (i + 1 < words.size() && words.get(i + 1).joined() && !words.get(i + 1).kept()) {
        end = words.get(++i).end();
      }
      names.add(
          new Name(
              spelling.substring(word.start(), end),
              spelling.substring(particles < 0 ? word.start() : particles, end)));
      particles = -1;
    }
    return names;
  }

  private static List<Word> words(String spelling) {
    List<Word> found = new ArrayList<>();
    Matcher matcher = WORD.matcher(spelling);
    boolean replaceable = false;
    while (matcher.find()) {
      String text = matcher.group();
      Matcher possessive = POSSESSIVE.matcher(text);
      int end = matcher.end();
      if (possessive.find() && possessive.start() > 0) {
        end = matcher.start() + possessive.start();
        text = spelling.substring(matcher.start(), end);
      }
      String folded = Casing.fold(text);
      boolean kept = TITLES.contains(folded) || PARTICLES.contains(folded);
      if (kept && text.length() == 1) {
        // "d" and "e" are particles, "D." is an initial.
        kept = Character.isLowerCase(text.charAt(0));
      }
      replaceable |= !kept;
      boolean joined =
          !found.isEmpty()
              && matcher.start() - found.getLast().end() == 1
              && spelling.charAt(matcher.start() - 1) == '-';
      found.add(new Word(matcher.start(), end, text, kept, joined));
    }
    if (replaceable) {
      return found;
    }
    // "Van" or "Don" alone is somebody's name.
    return found.stream()
        .map(word -> new Word(word.start(), word.end(), word.text(), false, word.joined()))
        .toList();
  }

  private List<Role> roles(String spelling, List<Word> words) {
    // Hyphenated words share a place; kept words have none.
    int[] places = new int[words.size()];
    int count = 0;
    int firstPlaceEnd = 0;
    boolean titled = false;
    for (int i = 0; i < places.length; i++) {
      Word word = words.get(i);
      if (word.kept()) {
        titled |= count == 0 && TITLES.contains(Casing.fold(word.text()));
        continue;
      }
      count += word.joined() && count > 0 ? 0 : 1;
      places[i] = count;
      firstPlaceEnd = count == 1 ? word.end() : firstPlaceEnd;
    }
    boolean surnameFirst = count > 1 && spelling.startsWith(",", firstPlaceEnd);
    List<Role> roles = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      roles.add(role(words.get(i).text(), places[i], count, titled, surnameFirst));
    }
    return roles;
  }

  private Role role(String word, int place, int places, boolean titled, boolean surnameFirst) {
    Role alone = names.roleAlone(word);
    if (places == 1) {
      return titled && lists.isLastName(word) ? Role.LAST : alone;
    }
    if (surnameFirst) {
      return place == 1 ? Role.LAST : Role.FIRST;
    }
    if (place == places) {
      return Role.LAST;
    }
    return place > 1 ? alone : Role.FIRST;
  }

  /** Of the surname: first names travel, and most lists hold the usual ones. */
  private @Nullable Language language(List<Word> words, List<Role> roles) {
    for (int i = words.size() - 1; i >= 0; i--) {
      if (roles.get(i) == Role.LAST && !words.get(i).kept()) {
        Language language = lists.languageOfLastName(words.get(i).text());
        if (language != null) {
          return language;
        }
      }
    }
    return null;
  }
}
