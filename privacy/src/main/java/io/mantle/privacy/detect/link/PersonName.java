package io.mantle.privacy.detect.link;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A person's name in its parts, each written as a name is: "Prof. Dr. LUDWIG VAN BEETHOVEN" has the
 * given name "Ludwig", the particles "van" and the surname "Beethoven". Forms of address, degrees
 * and "Jr." are no parts.
 *
 * @param given first and middle names and initials, in order; may be empty
 * @param particles what stands before the surname and is part of it; may be empty
 * @param surname of a name of one part, that part, whatever it is
 */
record PersonName(List<String> given, String particles, String surname) {
  private static final int CHARS_MAX = 80;
  private static final int PARTS_MAX = 6;

  private static final Set<String> NO_PARTS =
      Set.of(
          "mr",
          "mrs",
          "ms",
          "miss",
          "mx",
          "dr",
          "prof",
          "professor",
          "doctor",
          "sir",
          "dame",
          "madam",
          "lord",
          "lady",
          "rev",
          "reverend",
          "hon",
          "judge",
          "capt",
          "captain",
          "sgt",
          "col",
          "gen",
          "lt",
          "senator",
          "president",
          "herr",
          "hr",
          "frau",
          "dipl",
          "ing",
          "med",
          "mag",
          "mme",
          "mlle",
          "monsieur",
          "madame",
          "señor",
          "señora",
          "sra",
          "srta",
          "sig",
          "signor",
          "signora",
          "dott",
          "pan",
          "pani",
          "senhor",
          "senhora",
          "dra",
          "dhr",
          "mevr",
          "fru",
          "shri",
          "smt",
          "jr",
          "sr",
          "ii",
          "iii",
          "iv",
          "phd",
          "md",
          "esq",
          "mba",
          "rn");

  private static final Set<String> PARTICLES =
      Set.of(
          "van", "von", "vom", "der", "den", "de", "del", "della", "di", "da", "das", "do", "dos",
          "du", "la", "le", "las", "los", "zu", "zum", "zur", "ter", "ten", "bin", "ibn", "al",
          "el", "af", "av");

  /** Whether a word in lower case is a form of address. */
  static boolean isTitle(String lower) {
    return NO_PARTS.contains(lower);
  }

  /** The name in its parts, or null where the value is none that could be taken apart. */
  static @Nullable PersonName parse(String value) {
    if (value.length() > CHARS_MAX) {
      return null;
    }
    List<String> words = new ArrayList<>();
    int surnameWords = 0; // how many words stand before a comma: "Smith, John"
    int at = 0;
    while (at < value.length()) {
      char c = value.charAt(at);
      if (Character.isLetter(c)) {
        int end = wordEnd(value, at);
        String word = withoutPossessive(value.substring(at, end));
        at = end;
        boolean initial = word.length() == 1;
        if (initial || !NO_PARTS.contains(word.toLowerCase(Locale.ROOT))) {
          words.add(written(word));
        }
      } else if (c == ',' && surnameWords == 0) {
        surnameWords = words.size();
        at++;
      } else if (Character.isWhitespace(c) || c == '.' || c == ',') {
        at++;
      } else {
        return null;
      }
    }
    if (words.isEmpty() || words.size() > PARTS_MAX) {
      return null;
    }
    if (surnameWords > 0 && surnameWords < words.size()) {
      List<String> turned = new ArrayList<>(words.subList(surnameWords, words.size()));
      turned.addAll(words.subList(0, surnameWords));
      words = turned;
    }
    return of(words);
  }

  private static @Nullable PersonName of(List<String> words) {
    String surname = words.getLast();
    int particles = words.size() - 1;
    while (particles > 0 && isParticle(words.get(particles - 1))) {
      particles--;
    }
    boolean plausible = surname.length() > 1 && !isParticle(surname);
    return plausible
        ? new PersonName(
            List.copyOf(words.subList(0, particles)),
            String.join(" ", words.subList(particles, words.size() - 1)),
            surname)
        : null;
  }

  private static boolean isParticle(String word) {
    return PARTICLES.contains(word.toLowerCase(Locale.ROOT));
  }

  /** Letters, with hyphens and apostrophes between them. */
  private static int wordEnd(String value, int start) {
    int end = start + 1;
    while (end < value.length()
        && (isPartOfWord(value.charAt(end))
            || (isJoint(value.charAt(end))
                && end + 1 < value.length()
                && Character.isLetter(value.charAt(end + 1))))) {
      end++;
    }
    return end;
  }

  private static boolean isPartOfWord(char c) {
    return Character.isLetter(c) || Character.getType(c) == Character.NON_SPACING_MARK;
  }

  private static boolean isJoint(char c) {
    return c == '-' || c == '\'' || c == '\u2019';
  }

  private static String withoutPossessive(String word) {
    int length = word.length();
    boolean possessive =
        length > 3
            && (word.charAt(length - 1) == 's' || word.charAt(length - 1) == 'S')
            && (word.charAt(length - 2) == '\'' || word.charAt(length - 2) == '\u2019');
    return possessive ? word.substring(0, length - 2) : word;
  }

  /** With a capital where the word is all in one case; else as it is: "McDonald". */
  private static String written(String word) {
    if (isParticle(word)) {
      return word.toLowerCase(Locale.ROOT);
    }
    boolean oneCase =
        word.equals(word.toUpperCase(Locale.ROOT)) || word.equals(word.toLowerCase(Locale.ROOT));
    if (!oneCase || word.length() == 1) {
      return word.length() == 1 ? word.toUpperCase(Locale.ROOT) : word;
    }
    StringBuilder written = new StringBuilder(word.length());
    boolean begins = true;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      written.append(begins ? Character.toUpperCase(c) : Character.toLowerCase(c));
      begins = isJoint(c);
    }
    return written.toString();
  }

  /** The surname with its particles. */
  String wholeSurname() {
    return particles.isEmpty() ? surname : particles + " " + surname;
  }
}
