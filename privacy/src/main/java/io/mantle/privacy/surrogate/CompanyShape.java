package io.mantle.privacy.surrogate;

import io.mantle.privacy.surrogate.WordLists.Language;
import java.util.List;
import java.util.Set;

/** Organisations: a made-up name; legal forms and the words that say what it is stay. */
final class CompanyShape implements Shape {
  private static final Set<String> KEPT =
      Set.of(
          "inc",
          "llc",
          "ltd",
          "limited",
          "plc",
          "corp",
          "corporation",
          "co",
          "company",
          "gmbh",
          "ag",
          "se",
          "kg",
          "kgaa",
          "ohg",
          "gbr",
          "ug",
          "e.v",
          "s.a",
          "sa",
          "sarl",
          "s.a.r.l",
          "sas",
          "s.l",
          "sl",
          "s.r.l",
          "srl",
          "s.p.a",
          "spa",
          "b.v",
          "bv",
          "n.v",
          "nv",
          "ab",
          "oy",
          "as",
          "aps",
          "a.s",
          "pty",
          "pte",
          "llp",
          "lp",
          "lda",
          "ltda",
          "sp",
          "z",
          "o.o",
          "and",
          "und",
          "et",
          "y",
          "of",
          "the",
          "for",
          "de",
          "group",
          "holding",
          "holdings",
          "university",
          "universität",
          "université",
          "universidad",
          "college",
          "school",
          "institute",
          "hospital",
          "clinic",
          "bank",
          "foundation",
          "association",
          "ministry",
          "department",
          "church",
          "museum",
          "sons",
          "partners",
          "associates",
          "labs",
          "technologies",
          "systems");

  private static final List<String> TRADES =
      List.of(
          "Systems",
          "Partners",
          "Logistics",
          "Industries",
          "Consulting",
          "Services",
          "Networks",
          "Dynamics",
          "Analytics",
          "Ventures",
          "Solutions",
          "Works",
          "Trading",
          "Robotics",
          "Engineering",
          "Materials",
          "Instruments",
          "Foods",
          "Textiles",
          "Optics");

  private static final List<String> ENDINGS =
      List.of("tech", "soft", "corp", "works", "line", "ware", "data", "tron", "com", "dyn");

  private final WordLists lists;

  CompanyShape(WordLists lists) {
    this.lists = lists;
  }

  @Override
  public String identity(String spelling) {
    return Casing.foldWords(spelling);
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    KeyedStream stream = draws.about("ORG", identity(spelling));
    String replaced =
        WordRuns.replaced(
            spelling,
            KEPT,
            (run, index) -> Casing.like(run, name(run, stream)),
            (number, index) -> CharacterClasses.replaced(number, stream));
    // "The Bank" is all kept words.
    return Overlap.same(spelling, replaced) ? Casing.like(spelling, name("", stream)) : replaced;
  }

  /** A name of one word for one word: "Kellertech"; of two for more: "Keller Logistics". */
  private String name(String run, KeyedStream stream) {
    String name = stream.pick(lists.lastNames(Language.ENGLISH, ""));
    return run.contains(" ") ? name + " " + stream.pick(TRADES) : name + stream.pick(ENDINGS);
  }
}
