package io.mantle.privacy.surrogate;

import io.mantle.privacy.surrogate.WordLists.Language;
import java.util.List;

/** Names of towns and streets. */
final class Places {
  private static final List<String> TOWN_ENDINGS =
      List.of("ville", "ton", "burgh", "bury", "field", "haven", "mouth", "port", "ford", "stead");

  private static final int PROBES_OF_SHORT_NAMES = 16;
  private static final List<String> TOWN_STARTS =
      List.of("North", "South", "East", "West", "New", "Upper", "Lower", "Great", "Little", "Old");

  private final WordLists lists;

  Places(WordLists lists) {
    this.lists = lists;
  }

  /**
   * A made-up English town: it cannot be mistaken for a place that the text is about, and in an
   * English text it does not stand out.
   */
  String town(Draws draws, String original) {
    KeyedStream stream = draws.about("place/town", Casing.foldWords(original));
    String name = stream.pick(lists.lastNames(Language.ENGLISH, ""));
    String town = name + stream.pick(TOWN_ENDINGS);
    return Casing.like(
        original,
        draws.probe() < PROBES_OF_SHORT_NAMES ? town : stream.pick(TOWN_STARTS) + " " + town);
  }

  /** A surname, as streets have. */
  String street(Draws draws, String original) {
    KeyedStream stream = draws.about("place/street", Casing.foldWords(original));
    Language language = lists.languageOfLastName(original);
    List<String> names =
        draws.probe() < PROBES_OF_SHORT_NAMES
            ? lists.lastNames(language == null ? Language.ENGLISH : language, original)
            : lists.everyLastName(original);
    return Casing.like(original, stream.pick(names));
  }
}
