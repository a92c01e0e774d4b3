package io.mantle.privacy.rehydrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.json.JsonText;
import io.mantle.privacy.surrogate.SurrogateMint;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of names beside other names. */
final class NeighboursTest {
  private static final SurrogateMint MINT = SurrogateMint.load();

  private static final List<Restoration.Entry> ENTRIES =
      List.of(
          entry("Robert Jensen", "Maria Garcia"),
          entry("Dr. Anke van der Hoeven", "Dr. Otto van der Berg"),
          entry("Leopoldina Kramer", "Beatriz Rubio"),
          entry("Karl Ludwig Pemberton", "Juan Luis Mendoza"));

  private static final List<String> WORDS =
      List.of(
          "Robert",
          "Jensen",
          "ROBERT",
          "JENSEN",
          "robert",
          "jensen",
          "van der Hoeven",
          "Hoeven",
          "Karl",
          "Ludwig",
          "Pembertn",
          "Pemberton",
          "Miller",
          "MILLER",
          "miller",
          "Peter",
          "Street",
          "Vertrag",
          "Frau",
          "Dr.",
          "Herr",
          "Dear",
          "and",
          "und",
          "von",
          "van",
          "de",
          "P.",
          "J.",
          "I",
          "the",
          "will",
          "Zwickelbauer");

  private static final List<String> GAPS =
      List.of(
          " ", " ", " ", " ", "-", ", ", ". ", "\n", "'s ", "\u2019", "**", "\"", " \"", "&nbsp;",
          "%20", "\u00a0", ": ", "\\n", "_", " - ", "s ");

  private static Restoration.Entry entry(String surrogate, String original) {
    Plaintext value = new Plaintext(original);
    return new Restoration.Entry(
        EntityType.PERSON,
        surrogate,
        value,
        true,
        MINT.aliases(EntityType.PERSON, value, surrogate));
  }

  private static Restoration restoration() {
    return new Restoration(ENTRIES, RestorationPolicy.DEFAULT, Set.of(), MINT::isWord);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ask Robert Miller.",
        "Thanks Robert Miller, and Peter Jensen",
        "Peter Jensen called.",
        "then Zorblax Jensen called",
        "She met Robert-Miller.",
        "the Jensen-Miller account",
        "Peter-Jensen",
        "Robert P. Miller, Robert P Miller",
        "Peter J. Jensen",
        "Peter R. Jensen",
        "Robert J. Miller",
        "Robert K. Jensen",
        "A. B. Jensen",
        "Robert \"Bob\" Miller",
        "**Robert** Miller",
        "_Peter_ **Jensen**",
        "Robert\u00a0Miller, Robert&nbsp;Miller, Robert%20Miller",
        "Jensen Bank, Robert Street",
        "the Port of St. Robert, at Mt. Jensen",
        "Robert van Dyke, Robert van der Meer, Robert de Oliveira",
        "Ursula von Jensen",
        "then Willem van der Hoeven",
        "van der Hoeven Bank",
        "ROBERT MILLER, PETER JENSEN",
        "thanks robert miller and peter jensen",
        "Mr. Robert Miller",
        "Dr. Zorblax Jensen",
        "Robert Miller: yes",
        "Herr Peter Jensen und Frau Anna Jensen",
        "Jensen Jr. and Robert II",
        "Robert Pemberton, Karl Jensen",
        "Peter Pembertn and Pembertn Miller",
        "O'Neil Jensen, Jean-Luc Jensen",
        "he said \"Peter Jensen\"",
        "Karla-Robert",
        "Leopoldina Q. Ullrich, Leopoldina Q.",
        "Zorblax Jensen called. Will Jensen come?",
      })
  void restore_partBesideAnotherName_isLeft(String text) {
    assertThat(restoration().restoreText(text)).isSameAs(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Dr. Jensen, Ms Jensen and President Jensen | Dr. Garcia, Ms Garcia and President Garcia",
        "Robert and Miller, Jensen & Miller | Maria and Miller, Garcia & Miller",
        "Hello Robert | Hello Maria",
        "Dear Robert, | Dear Maria,",
        "Thanks Robert! Miller called. | Thanks Maria! Miller called.",
        "Yesterday Jensen called. Unfortunately Robert left. | Yesterday Garcia called."
            + " Unfortunately Maria left.",
        "- Notify Jensen\\n1. Tell Robert | - Notify Garcia\\n1. Tell Maria",
        "\"Contact Robert\", he said | \"Contact Maria\", he said",
        "Robert Jensen-Miller | Maria Garcia-Miller",
        "the Jensen-led team, an ex-Jensen one | the Garcia-led team, an ex-Garcia one",
        "Robert's Miller, Jensen\u2019s Bank | Maria's Miller, Garcia\u2019s Bank",
        "Peter's Robert | Peter's Maria",
        "Herr Jensen Vertrag und Frau Jensen | Herr Garcia Vertrag und Frau Garcia",
        "Hat Robert Geburtstag? | Hat Maria Geburtstag?",
        "die Jensen-Akte und der Kunde Jensen | die Garcia-Akte und der Kunde Garcia",
        "z. B. Jensen | z. B. Garcia",
        "CONTRACT WITH JENSEN, FILE JENSEN | CONTRACT WITH GARCIA, FILE GARCIA",
        "thanks robert, i asked jensen | thanks maria, i asked garcia",
        "robert will call jensen | maria will call garcia",
        "With Robert I agree | With Maria I agree",
        "Robert\\nMiller\\nJensen\\nSales | Maria\\nMiller\\nGarcia\\nSales",
        "Name: Robert Phone: 12 | Name: Maria Phone: 12",
        "I met Robert. Miller did not. | I met Maria. Miller did not.",
        "Robert, Miller, (Jensen) Bank | Maria, Miller, (Garcia) Bank",
        "Peter, Robert | Peter, Maria",
        "Karl Ludwig said; Ludwig Pemberton | Juan Luis said; Luis Mendoza",
        "Frau van der Hoeven | Frau van der Berg",
        "J. Pemberton, Dr. R. Jensen | J. Pemberton, Dr. M. Garcia",
        "Robert J. Then she left | Maria G. Then she left",
        "{\"a\":\"Robert\",\"b\":\"Jensen\"} | {\"a\":\"Maria\",\"b\":\"Garcia\"}",
      })
  void restore_partByItself_isRestored(String text, String expected) {
    assertThat(restoration().restoreText(text.replace("\\n", "\n")))
        .isEqualTo(expected.replace("\\n", "\n"));
  }

  @Test
  void ambiguousFormsLeftOut_requestHoldsAnotherOfThatName_partsAreLeft() {
    Restoration restoration =
        restoration().ambiguousFormsLeftOut(List.of("Robert Jensen knows Robert Miller."));

    assertThat(restoration.restoreText("Robert asked Jensen.")).isEqualTo("Robert asked Garcia.");
  }

  @Test
  void accept_partBeforeASmallLetter_leavesWithIt() {
    Rehydrator channel = restoration().text();

    assertThat(channel.accept("Ask Robert ")).isEqualTo("Ask ");
    assertThat(channel.accept("and")).isEqualTo("Maria and");
    assertThat(channel.accept(" or Robert Mill")).isEqualTo(" or ");
    assertThat(channel.accept("er ")).isEqualTo("Robert Miller ");
  }

  /** What stands before a part is not in the text at hand any more, or only half of it is. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void accept_namesBesideNamesInPieces_givesTheWhole(long seed) {
    Random random = new Random(seed);
    for (int run = 0; run < 250; run++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 25; i++) {
        text.append(WORDS.get(random.nextInt(WORDS.size())));
        text.append(GAPS.get(random.nextInt(GAPS.size())));
      }
      String nested =
          "[\"" + JsonText.escape("{\"a\":\"" + JsonText.escape(text.toString()) + "\"}") + "\"]";
      for (boolean json : new boolean[] {false, true}) {
        String all = json ? nested : text.toString();
        Restoration restoration = restoration();
        Rehydrator channel = json ? restoration.jsonSource() : restoration.text();
        StringBuilder streamed = new StringBuilder();
        for (int at = 0; at < all.length(); ) {
          int next = Math.min(all.length(), at + 1 + random.nextInt(random.nextBoolean() ? 3 : 30));
          streamed.append(channel.accept(all.substring(at, next)));
          at = next;
        }
        streamed.append(channel.finish());
        assertThat(streamed.toString())
            .as(all)
            .isEqualTo(json ? restoration.restoreJsonSource(all) : restoration.restoreText(all));
      }
    }
  }
}
