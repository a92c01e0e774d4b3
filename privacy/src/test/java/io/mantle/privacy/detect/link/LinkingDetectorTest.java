package io.mantle.privacy.detect.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkingDetectorTest {
  /** Finds the first place of each of these values in a text, and nothing else. */
  private record Scripted(Map<String, EntityType> values) implements Detector {

    @Override
    public List<Span> detect(Plaintext text) {
      List<Span> spans = new ArrayList<>();
      values.forEach(
          (value, type) -> {
            int at = text.reveal().indexOf(value);
            if (at >= 0) {
              spans.add(new Span(at, at + value.length(), type, 0.8));
            }
          });
      spans.sort(Comparator.comparingInt(Span::start));
      return spans;
    }
  }

  /** What is linked in a text, in brackets, where another text showed the value. */
  private static String linked(String value, EntityType type, String text) {
    Detector first =
        plain ->
            plain.reveal().equals("Of " + value + ".")
                ? List.of(new Span(3, 3 + value.length(), type, 0.8))
                : List.of();
    List<Plaintext> texts = List.of(new Plaintext("Of " + value + "."), new Plaintext(text));
    return marked(text, new LinkingDetector(first).detect(texts, any -> true).getLast());
  }

  private static String marked(String text, List<Span> spans) {
    StringBuilder marked = new StringBuilder(text);
    for (Span span : spans.reversed()) {
      marked.insert(span.end(), ']').insert(span.start(), '[');
    }
    return marked.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Jane Kowalski     | Ask [Kowalski] about it.
          Jane Kowalski     | [Jane] is out, [Jane]'s phone is off.
          Jane Kowalski     | FROM: [JANE KOWALSKI]
          Jane Kowalski     | call [KOWALSKI] now
          Jane Kowalski     | i am [jane kowalski] from support
          Jane Kowalski     | tell [kowalski] that
          Jane Kowalski     | [J. Kowalski] signed.
          Jane Kowalski     | [J Kowalski] signed, [Jane K.] did not.
          Jane Kowalski     | Name: [Kowalski, Jane]
          Jane Kowalski     | Name: [KOWALSKI, JANE]
          Jane Kowalski     | the [Kowalski]s are here
          Jane Kowalski     | ping [@jkowalski] and [@jane_kowalski]
          Jane Kowalski     | ping [@janek84] please
          Jane Kowalski     | login [jkowalski] failed, so did [jane.kowalski]
          Jane Kowalski     | Janet, the [Kowalski]s' and Mary [Jane]
          Dr. Jane Kowalski | [Jane Kowalski] wrote to [Kowalski].
          KOWALSKI, JANE    | I saw [Jane Kowalski] there.
          jane kowalski     | I saw [Jane Kowalski], and [Kowalski] saw me.
          Jane Smith-Lee    | Mrs. [Smith-Lee] or [Lee]? [Smith Lee]!
          Jane Ann Kowalski | [Jane Kowalski], [J. A. Kowalski], [Ann Kowalski] and [Jane A. Kowalski].
          Ludwig van Aken   | Here is [van Aken]; [Aken] was there. [L. van Aken] signed.
          Gabriel García Márquez | I like [García Márquez] and [García].
          J. Kowalski       | Ask [Kowalski].
          """)
  void person_mentionedOtherwise_isLinked(String name, String expected) {
    String text = expected.replaceAll("[\\[\\]]", "");
    assertThat(linked(name, EntityType.PERSON, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Will Brown  | I will paint it brown. Will you? Brown is nice.
          Will Brown  | I asked [Will] and Mr. [Brown] about it.
          Will Brown  | Dear [Will], we met at Brown University.
          Will Brown  | Willing or not, it is [Will]'s car. [Will]'s car is red.
          Grace Price | Price List, Grace Period and the price of grace
          Grace Price | grace price is no name, GRACE is none
          May Kowalski | In May, on May 5 and maybe in May.
          Mark Kowalski | mark my words: <mark>, bookmark, MARK
          Jane Kowalski | class Kowalski(Base): self.kowalski = kowalski_id
          Jane Kowalski | /home/kowalski/x and kowalski.conf
          Jane Kowalski | @Kowalski(value) is an annotation
          Li Xu         | Xu and Li alone are too short.
          """)
  void commonWordOrCode_isNotLinked(String name, String expected) {
    String text = expected.replaceAll("[\\[\\]]", "");
    assertThat(linked(name, EntityType.PERSON, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Zentrix Corp.   | [Zentrix] and [ZENTRIX] but not zentrix
          Zentrix GmbH    | bei [Zentrix] in Ulm
          Blue Ocean Ltd  | a [Blue Ocean] employee by a blue ocean
          Apple Inc       | an apple from [Apple] here. Apple pie.
          Zentrix         | zentrix or ZENTRIX
          """)
  void organisation_withoutItsLegalForm_isLinked(String name, String expected) {
    assertThat(linked(name, EntityType.ORG, expected.replaceAll("[\\[\\]]", "")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jane.kowalski@acme-mail.com   | [Jane Kowalski] or [Kowalski, Jane] or [Jane]
          mark.brown@acme-mail.com      | [Mark Brown] but Brown
          customer.service@acme-mail.com | Customer Service
          jane@acme-mail.com            | Jane
          """)
  void person_anAddressIsNamedAfter_isLinked(String address, String expected) {
    assertThat(linked(address, EntityType.EMAIL, expected.replaceAll("[\\[\\]]", "")))
        .isEqualTo(expected);
  }

  @Test
  void mention_aroundAPartThatWasFound_isOneSpan() {
    Detector detector =
        text ->
            text.reveal().startsWith("Of")
                ? List.of(new Span(3, 16, EntityType.PERSON, 0.8))
                : List.of(new Span(9, 17, EntityType.PERSON, 0.6));
    String text = "Ask Jane Kowalski!";
    List<Plaintext> texts = List.of(new Plaintext("Of Jane Kowalski"), new Plaintext(text));
    List<List<Span>> spans = new LinkingDetector(detector).detect(texts, type -> true);
    assertThat(marked(text, spans.getLast())).isEqualTo("Ask [Jane Kowalski]!");
  }

  @Test
  void typeThatIsNotWanted_isReportedAndNotLinked() {
    Scripted detector =
        new Scripted(Map.of("Kowalski GmbH", EntityType.ORG, "Jane Kowalski", EntityType.PERSON));
    String text = "Jane Kowalski of Kowalski GmbH; later: Kowalski GmbH and Kowalski.";
    assertThat(
            marked(
                text,
                new LinkingDetector(detector)
                    .detect(List.of(new Plaintext(text)), type -> type == EntityType.PERSON)
                    .getFirst()))
        .isEqualTo("[Jane Kowalski] of [Kowalski GmbH]; later: [Kowalski] GmbH and [Kowalski].");
  }

  @Test
  void placeThatIsAPersonsNameAndNotWanted_isLinkedToThePerson() {
    String text = "Ask Jane Denver, please. Denver knows.";
    Detector detector =
        plain ->
            List.of(
                new Span(4, 15, EntityType.PERSON, 0.9),
                new Span(25, 31, EntityType.LOCATION, 0.6));
    assertThat(
            marked(
                text,
                new LinkingDetector(detector)
                    .detect(List.of(new Plaintext(text)), type -> type == EntityType.PERSON)
                    .getFirst()))
        .isEqualTo("Ask [Jane Denver], please. [Denver] knows.");
  }

  @Test
  void listThatIsNotWantedAndHasAPersonsName_isLinkedWhereTheNameStandsAlone() {
    String text = "Ask Jane Denver. Denver, Denver Bank; Denver";
    Detector detector =
        plain ->
            List.of(
                new Span(4, 15, EntityType.PERSON, 0.9),
                new Span(17, text.length(), EntityType.ORG, 0.6));
    List<Span> spans =
        new LinkingDetector(detector)
            .detect(List.of(new Plaintext(text)), type -> type == EntityType.PERSON)
            .getFirst();
    assertThat(spans.stream().filter(span -> span.type() == EntityType.PERSON).map(Span::start))
        .containsExactly(4, 17, 38);
    assertThat(spans.getLast().end()).isEqualTo(text.length());
  }

  @Test
  void valuesOfTwoCharacters_areNotLinked() {
    assertThat(linked("12", EntityType.NATIONAL_ID, "12 of 12")).isEqualTo("12 of 12");
    assertThat(linked("A1 7", EntityType.NATIONAL_ID, "A1 7")).isEqualTo("[A1 7]");
  }

  @Test
  void randomTexts_spansAreInOrderApartAndWithinTheText() {
    Random random = new Random(7);
    String[] words = {
      "Jane",
      "Kowalski",
      "kowalski",
      "JANE",
      "Smith-Lee",
      ",",
      ".",
      " ",
      "@",
      "jkowalski",
      "Will",
      "will",
      "\n",
      "J.",
      "é",
      "\ud83d\ude00",
      "'s",
      "-",
      "12",
      "Acme",
      "GmbH",
      "(",
      "_"
    };
    for (int run = 0; run < 3_000; run++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(40); i >= 0; i--) {
        text.append(words[random.nextInt(words.length)]).append(random.nextBoolean() ? " " : "");
      }
      List<Span> found = new ArrayList<>();
      int at = 0;
      while (at < text.length()) {
        int start = at + random.nextInt(12);
        int end = Math.min(text.length(), start + 1 + random.nextInt(15));
        if (start < end) {
          EntityType type = random.nextBoolean() ? EntityType.PERSON : EntityType.ORG;
          found.add(new Span(start, end, type, 0.5));
        }
        at = end + random.nextInt(10);
      }
      List<Span> spans = new LinkingDetector(plain -> found).detect(new Plaintext(text.toString()));
      int last = 0;
      for (Span span : spans) {
        assertThat(span.start()).isGreaterThanOrEqualTo(last);
        last = span.end();
      }
      assertThat(last).isLessThanOrEqualTo(text.length());
      for (Span before : found) {
        for (int i = before.start(); i < before.end(); i++) {
          int place = i;
          assertThat(spans).anyMatch(span -> span.start() <= place && place < span.end());
        }
      }
    }
  }

  @Test
  void manyPeopleInALongText_takeLinearTime() {
    StringBuilder text = new StringBuilder();
    List<Span> found = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      String name = "Person" + (char) ('a' + i % 26) + (char) ('a' + i / 26 % 26) + " Kowalski";
      found.add(new Span(text.length(), text.length() + name.length(), EntityType.PERSON, 0.9));
      text.append(name).append(" met Kowalski and aaaaaaaa Personaa again. ");
    }
    Plaintext plain = new Plaintext(text.toString());
    LinkingDetector detector = new LinkingDetector(one -> found);
    detector.detect(plain);
    long start = System.nanoTime();
    assertThat(detector.detect(plain)).hasSizeGreaterThan(found.size());
    assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
  }
}
