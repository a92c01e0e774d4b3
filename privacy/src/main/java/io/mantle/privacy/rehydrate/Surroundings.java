package io.mantle.privacy.rehydrate;

import io.mantle.privacy.match.PhraseSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is read around a part of a text in which forms may stand. Immutable. */
sealed interface Surroundings {
  /** What is to come may still change it. */
  record Undecided() implements Surroundings {}

  /** It is within a longer word, where no form stands. */
  record Nowhere() implements Surroundings {}

  /**
   * A form may stand here.
   *
   * @param from where it begins
   * @param to where it ends, after the accents that stand by themselves
   * @param suffix the letters that go on after it, a name's ending; empty where none do
   * @param following what comes after a whole word
   * @param stopped whether a full stop follows
   * @param more whether text may still arrive
   */
  record Place(
      String text,
      int from,
      int to,
      String suffix,
      Following following,
      boolean stopped,
      boolean more)
      implements Surroundings {

    /** Whether it begins with a small letter. */
    boolean isSmall() {
      return Character.isLowerCase(text.charAt(from));
    }

    /** Prints no text. */
    @Override
    public String toString() {
      return "Place[" + from + ", " + to + "]";
    }
  }

  /** What follows a word: nothing of its own, more of an identifier, or what is not there yet. */
  enum Following {
    PLAIN,
    PLACED,
    UNKNOWN
  }

  /** Endings of names: English and German plurals and genitives, Slavic cases. */
  Set<String> SUFFIXES =
      Set.of("s", "es", "n", "ens", "a", "em", "om", "owi", "ovi", "u", "y", "ie", "ova", "in");

  int SUFFIX_CHARS_MAX = 4;

  /** Reads what is around {@code [from, to)}. */
  static Surroundings read(Units units, String text, int from, int to, boolean more) {
    int last = to;
    // An accent that stands by itself belongs to the letter before it.
    while (true) {
      int read = units.read(text, last, more);
      if (read == Units.INCOMPLETE) {
        return new Undecided();
      }
      if (read == Units.END || Character.getType(units.c) != Character.NON_SPACING_MARK) {
        break;
      }
      last += units.width;
    }
    char lastChar = lastChar(units, text, from, to);
    boolean joined = units.read(text, last, more) == Units.OK && PhraseSet.join(lastChar, units.c);
    String suffix = "";
    if (joined) {
      if (!Character.isLetter(lastChar)) {
        return new Nowhere();
      }
      String read = suffix(units, text, last, more);
      if (read == null) {
        return new Undecided();
      }
      if (!SUFFIXES.contains(read)) {
        return new Nowhere();
      }
      suffix = read;
    }
    int next = units.read(text, last, more);
    boolean stopped = next == Units.OK && units.c == '.';
    if (next == Units.INCOMPLETE) {
      return new Undecided();
    }
    Following following = joined ? Following.PLAIN : following(units, text, last, more);
    return new Place(text, from, last, suffix, following, stopped, more);
  }

  /** Whether what follows makes a word part of an address, a path or an identifier. */
  private static Following following(Units units, String text, int at, boolean more) {
    int read = units.read(text, at, more);
    if (read == Units.INCOMPLETE) {
      return Following.UNKNOWN;
    }
    if (read == Units.END) {
      return Following.PLAIN;
    }
    return switch (units.c) {
      case '@', '_', '/', '\\', '=' -> Following.PLACED;
      case '.', '-' -> {
        int next = units.read(text, at + units.width, more);
        yield next == Units.INCOMPLETE
            ? Following.UNKNOWN
            : next == Units.OK && Letters.isLetterOrDigit(units.c)
                ? Following.PLACED
                : Following.PLAIN;
      }
      default -> Following.PLAIN;
    };
  }

  /** The letters that go on, or null where that cannot be told yet. */
  private static @Nullable String suffix(Units units, String text, int from, boolean more) {
    StringBuilder suffix = new StringBuilder();
    int at = from;
    while (suffix.length() <= SUFFIX_CHARS_MAX) {
      int read = units.read(text, at, more);
      if (read == Units.INCOMPLETE) {
        return null;
      }
      if (read == Units.END || !PhraseSet.join('a', units.c)) {
        break;
      }
      suffix.append(Character.toLowerCase(units.c));
      at += units.width;
    }
    return suffix.toString();
  }

  private static char lastChar(Units units, String text, int from, int to) {
    char last = 0;
    for (int at = from; at < to && units.read(text, at, false) == Units.OK; at += units.width) {
      last = units.c;
    }
    return last;
  }
}
