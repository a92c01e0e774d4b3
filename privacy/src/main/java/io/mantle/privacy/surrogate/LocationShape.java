package io.mantle.privacy.surrogate;

import java.util.List;

/** Places: a country for a country, a state for a state, a made-up town for anything else. */
final class LocationShape implements Shape {
  private static final int PROBES_OF_LISTS = 48;

  private final Places places;
  private final WordLists lists;

  LocationShape(Places places, WordLists lists) {
    this.places = places;
    this.lists = lists;
  }

  @Override
  public String identity(String spelling) {
    return Casing.foldWords(spelling);
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    String identity = identity(spelling);
    KeyedStream stream = draws.about("LOCATION", identity);
    if (spelling.chars().noneMatch(Character::isLetter)) {
      return CharacterClasses.replacedWithMarks(spelling, stream);
    }
    List<String> listed =
        lists.isCountry(identity)
            ? lists.countries()
            : lists.isState(identity) ? lists.states() : List.of();
    return listed.isEmpty() || draws.probe() >= PROBES_OF_LISTS
        ? places.town(draws, spelling)
        : Casing.like(spelling, stream.pick(listed));
  }
}
