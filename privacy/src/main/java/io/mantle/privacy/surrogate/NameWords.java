package io.mantle.privacy.surrogate;

import io.mantle.privacy.surrogate.WordLists.Gender;
import io.mantle.privacy.surrogate.WordLists.Language;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stand-ins for the single words of names. Each word is replaced on its own, so that a surname
 * alone, a full name and an e-mail address of one person agree.
 */
final class NameWords {
  /** From this probe on, all languages' names are drawn from. */
  private static final int PROBES_OF_OWN_LANGUAGE = 6;

  /** From this probe on, two names are joined into one. */
  static final int PROBES_OF_LISTED_NAMES = 24;

  private static final int REDRAWS_MAX = 16;

  /** A word's place in a name. */
  enum Role {
    FIRST,
    LAST
  }

  private final WordLists lists;

  NameWords(WordLists lists) {
    this.lists = lists;
  }

  /** What a word that stands alone is: a surname where no list knows it, since these vary more. */
  Role roleAlone(String word) {
    return lists.isFirstName(word) ? Role.FIRST : Role.LAST;
  }

  /** A capitalised word in place of {@code word}. */
  String surrogate(Draws draws, String word, Role role, @Nullable Language preferred) {
    String known = draws.names().known(word);
    if (known != null) {
      return known;
    }
    KeyedStream stream = draws.about("name/" + role, Casing.foldWords(word));
    String drawn = draw(stream, draws.probe(), word, role, preferred);
    for (int i = 0; i < REDRAWS_MAX && Overlap.sharesRun(word, drawn); i++) {
      drawn = draw(stream, draws.probe(), word, role, preferred);
    }
    draws.names().drew(word, drawn);
    return drawn;
  }

  /** Another letter in place of an initial, a capital; of a name that is known, its own. */
  static String initial(Draws draws, String letter) {
    String known = draws.names().knownInitial(letter);
    if (known != null && !known.equalsIgnoreCase(letter)) {
      return known;
    }
    KeyedStream stream = draws.about("name/initial", Casing.fold(letter));
    String drawn;
    do {
      drawn = String.valueOf(Character.toUpperCase(stream.lowerLetter()));
    } while (drawn.equalsIgnoreCase(letter));
    return drawn;
  }

  private String draw(
      KeyedStream stream, int probe, String word, Role role, @Nullable Language preferred) {
    List<String> names = pool(probe, word, role, preferred);
    if (probe < PROBES_OF_LISTED_NAMES) {
      return stream.pick(names);
    }
    return stream.pick(names) + Casing.fold(stream.pick(names));
  }

  private List<String> pool(int probe, String word, Role role, @Nullable Language preferred) {
    return switch (role) {
      case FIRST -> {
        Gender gender = lists.genderOf(word);
        Language own = lists.languageOfFirstName(word);
        boolean shared = preferred != null && lists.isFirstNameOf(preferred, word);
        Language language = shared || own == null ? preferred : own;
        yield probe < PROBES_OF_OWN_LANGUAGE
            ? lists.firstNames(orEnglish(language), gender, word)
            : lists.everyFirstName(gender, word);
      }
      case LAST ->
          probe < PROBES_OF_OWN_LANGUAGE
              ? lists.lastNames(orEnglish(lists.languageOfLastName(word)), word)
              : lists.everyLastName(word);
    };
  }

  private static Language orEnglish(@Nullable Language language) {
    return language == null ? Language.ENGLISH : language;
  }
}
