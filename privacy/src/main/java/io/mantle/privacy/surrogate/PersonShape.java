package io.mantle.privacy.surrogate;

import io.mantle.privacy.surrogate.NameWords.Role;
import io.mantle.privacy.surrogate.WordLists.Language;
import java.util.ArrayList;
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

  /** The words of a name and of its surrogate, one for one; initials and what is kept left out. */
  static List<String> foldedWords(String spelling) {
    return words(spelling).stream()
        .filter(word -> !word.kept() && word.text().length() > 1)
        .map(word -> Casing.fold(word.text()))
        .toList();
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
