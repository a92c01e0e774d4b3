package io.mantle.privacy.surrogate;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Postal addresses. Numbers, street and town change; the words that say what is what, the country
 * and the layout over lines stay.
 */
final class AddressShape implements Shape {
  private static final Set<String> KEPT =
      Set.of(
          "street",
          "st",
          "road",
          "rd",
          "avenue",
          "ave",
          "av",
          "boulevard",
          "blvd",
          "lane",
          "ln",
          "drive",
          "dr",
          "court",
          "ct",
          "place",
          "pl",
          "square",
          "sq",
          "terrace",
          "ter",
          "way",
          "highway",
          "hwy",
          "parkway",
          "pkwy",
          "circle",
          "cir",
          "close",
          "crescent",
          "trail",
          "trl",
          "north",
          "south",
          "east",
          "west",
          "n",
          "s",
          "e",
          "w",
          "ne",
          "nw",
          "se",
          "sw",
          "apt",
          "apartment",
          "suite",
          "ste",
          "unit",
          "floor",
          "fl",
          "room",
          "box",
          "p.o",
          "po",
          "flat",
          "building",
          "bldg",
          "c/o",
          "the",
          "of",
          "straße",
          "strasse",
          "str",
          "weg",
          "platz",
          "allee",
          "gasse",
          "am",
          "an",
          "auf",
          "im",
          "in",
          "der",
          "den",
          "dem",
          "zum",
          "zur",
          "rue",
          "allée",
          "impasse",
          "chemin",
          "quai",
          "cours",
          "bis",
          "de",
          "du",
          "des",
          "la",
          "le",
          "les",
          "calle",
          "avenida",
          "avda",
          "plaza",
          "paseo",
          "camino",
          "piso",
          "del",
          "los",
          "las",
          "via",
          "viale",
          "piazza",
          "corso",
          "vicolo",
          "rua",
          "travessa",
          "praça",
          "largo",
          "da",
          "do",
          "dos",
          "ul",
          "al",
          "ulica",
          "usa",
          "u.s.a",
          "us",
          "uk",
          "united",
          "states",
          "kingdom",
          "germany",
          "deutschland",
          "france",
          "spain",
          "españa",
          "italy",
          "italia",
          "canada",
          "australia",
          "austria",
          "österreich",
          "switzerland",
          "schweiz",
          "suisse",
          "poland",
          "polska",
          "portugal",
          "brasil",
          "brazil",
          "sweden",
          "sverige",
          "netherlands",
          "nederland",
          "belgium",
          "ireland",
          "india",
          "mexico",
          "méxico",
          "denmark",
          "norway",
          "finland");

  private static final Pattern POSTCODE = Pattern.compile("(?:[A-Z]-)?[0-9]{5}(?:-[0-9]{3,4})?");

  private static final Pattern COMPOUND_STREET =
      Pattern.compile(
          "(.*?)(straße|strasse|str\\.?|weg|platz|allee|gasse|ring|straat|laan|gatan|vägen)",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final Pattern STATE_CODE = Pattern.compile("[A-Z]{2}");

  private static final String SEPARATORS = ",;\n";

  private final Places places;

  AddressShape(Places places) {
    this.places = places;
  }

  @Override
  public String identity(String spelling) {
    return Casing.foldWords(spelling);
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    String identity = identity(spelling);
    StringBuilder out = new StringBuilder(spelling.length() + 32);
    int copied = 0;
    boolean street = true;
    for (int i = 0; i <= spelling.length(); i++) {
      if (i == spelling.length() || SEPARATORS.indexOf(spelling.charAt(i)) >= 0) {
        String line = spelling.substring(copied, i);
        out.append(line(line, copied, street, identity, draws));
        street &= line.chars().noneMatch(Character::isLetter);
        if (i < spelling.length()) {
          out.append(spelling.charAt(i));
        }
        copied = i + 1;
      }
    }
    return out.toString();
  }

  private String line(String line, int at, boolean street, String identity, Draws draws) {
    return WordRuns.replaced(
        line,
        KEPT,
        (run, index) -> {
          Matcher compound = COMPOUND_STREET.matcher(run);
          if (compound.matches() && !compound.group(1).isBlank()) {
            String stem = compound.group(1);
            return places.street(draws, stem) + compound.group(2);
          }
          if (STATE_CODE.matcher(run).matches()) {
            // A state alone singles nobody out, and the town before it is made up.
            return run;
          }
          return street ? places.street(draws, run) : places.town(draws, run);
        },
        (number, index) ->
            CharacterClasses.replaced(
                number,
                // A town's postcode stays with the town, whichever address they are in.
                POSTCODE.matcher(number).matches()
                    ? draws.about("place/postcode", number)
                    : draws.about("ADDRESS/" + at + "/" + index, identity)));
  }
}
