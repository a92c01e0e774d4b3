package io.mantle.privacy.rehydrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.json.JsonText;
import io.mantle.privacy.surrogate.SurrogateMint;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Strategy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms of surrogates other than their own. */
final class TolerantRestorationTest {
  private static final SurrogateMint MINT = SurrogateMint.load();

  private static final List<Restoration.Entry> ENTRIES =
      List.of(
          entry(EntityType.PERSON, "Juliet Pemberton", "Maria Garcia"),
          entry(EntityType.PERSON, "Zo\u00e9 M\u00fcller-Lang", "Eve O\u2019Neil-Smith"),
          entry(EntityType.PERSON, "Ivan Pemberton", "Luis Garcia"),
          entry(EntityType.PERSON, "Dr. Karl van der Hoeven", "Dr. Otto van der Berg"),
          entry(EntityType.EMAIL, "juliet_p@ullrich.example.net", "maria_g@acme.com"),
          entry(EntityType.CREDIT_CARD, "4368 5881 8231 3967", "4539 1488 0343 6467"),
          entry(EntityType.IBAN, "DE98604404439652978796", "DE89370400440532013000"),
          entry(EntityType.PHONE, "+1 415 555 0177", "+1 415 867 5309"),
          entry(EntityType.PHONE, "+44 20 7946 0958", "+44 20 8123 4567"),
          entry(EntityType.DATE_OF_BIRTH, "1984-03-05", "1986-07-14"),
          entry(EntityType.PASSWORD_OR_SECRET, "hT7-kk29x_Qa", "s3cr\"t"));

  private static Restoration.Entry entry(EntityType type, String surrogate, String original) {
    Plaintext value = new Plaintext(original);
    return new Restoration.Entry(
        type, surrogate, value, true, MINT.aliases(type, value, surrogate));
  }

  private static Restoration restoration() {
    return new Restoration(ENTRIES, RestorationPolicy.DEFAULT, Set.of(), MINT::isWord);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Juliet Pemberton said | Maria Garcia said",
        "JULIET PEMBERTON said | MARIA GARCIA said",
        "juliet pemberton said | maria garcia said",
        "Juliet\u00a0Pemberton | Maria\u00a0Garcia",
        "Juliet\\nPemberton | Maria\\nGarcia",
        "**Juliet** _Pemberton_ | **Maria** _Garcia_",
        "\"Juliet\" Pemberton's | \"Maria\" Garcia's",
        "the Pembertons | the Garcias",
        "Pemberton\u2019s car | Garcia\u2019s car",
        "Juliets Auto | Marias Auto",
        "Ms. Pemberton left | Ms. Garcia left",
        "Frau Pemberton | Frau Garcia",
        "Hi Juliet, | Hi Maria,",
        "Pemberton, Juliet | Garcia, Maria",
        "J. Pemberton and Juliet P. | M. Garcia and Maria G.",
        "Juliet Pember-\\nton | Maria Garcia",
        "Juliet Pem\u00adberton | Maria Garcia",
        "Zoe Muller-Lang | Eve O\u2019Neil-Smith",
        "Zoe Mueller-Lang | Eve O\u2019Neil-Smith",
        "Zoe\u0301 Mu\u0308ller-Lang | Eve O\u2019Neil-Smith",
        "Juliet%20Pemberton | Maria%20Garcia",
        "Juliet&nbsp;Pemberton | Maria&nbsp;Garcia",
        "Juliet\\u0020Pemberton | Maria\\u0020Garcia",
        "Zo%C3%A9%20M%C3%BCller-Lang | Eve%20O%E2%80%99Neil-Smith",
        "Juliett Pemberton | Maria Garcia",
        "Juliet Pembreton | Maria Garcia",
        "Mr. van der Hoeven | Mr. van der Berg",
        "Karl van der Hoeven | Otto van der Berg",
        "juliet\\_p@ullrich.example.net | maria_g@acme.com",
        "JULIET_P@ULLRICH.EXAMPLE.NET | MARIA_G@ACME.COM",
        "juliet_p%40ullrich.example.net | maria_g%40acme.com",
        "4368588182313967 | 4539148803436467",
        "4368-5881-8231-3967 | 4539-1488-0343-6467",
        "de98 6044 0443 9652 9787 96 | DE89 3704 0044 0532 0130 00",
        "(415) 555-0177 | (415) 867-5309",
        "+14155550177 | +14158675309",
        "020 7946 0958 | 020 8123 4567",
        "March 5, 1984 | July 14, 1986",
        "5 March 1984 | 14 July 1986",
        "05.03.1984 | 14.07.1986",
        "Mar 5th, 1984 | Jul 14th, 1986",
      })
  void restore_anotherForm_isTheOriginalInThatForm(String text, String expected) {
    String unescaped = text.replace("\\n", "\n");
    assertThat(restoration().restoreText(unescaped)).isEqualTo(expected.replace("\\n", "\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Julia Pemble, Juli Pember, Ivanka and Pembertonville",
        "julietpemberton",
        "juliet@other.org and @juliet",
        "+44 415 555 0177",
        "94368588182313967, 43685881823139670",
        "March 1984, 5 March",
        "Karla, Hover",
        "x4155550177",
        "J. P. Morgan",
      })
  void restore_whatLooksAlike_isLeft(String text) {
    assertThat(restoration().restoreText(text)).isSameAs(text);
  }

  @Test
  void restore_twoOriginalsPossible_nothing() {
    Restoration restoration =
        new Restoration(
            List.of(
                entry(EntityType.PERSON, "Juliet Pemberton", "Maria Garcia"),
                entry(EntityType.PERSON, "Joseph Pemberton", "Peter Garcia")),
            RestorationPolicy.DEFAULT,
            Set.of(),
            MINT::isWord);

    assertThat(restoration.restoreText("J. Pemberton")).isEqualTo("J. Pemberton");
  }

  @Test
  void restore_strategyOff_isNotUsedForThatType() {
    EnumSet<Strategy> noCase = EnumSet.allOf(Strategy.class);
    noCase.remove(Strategy.CASE);
    Restoration restoration =
        new Restoration(
            ENTRIES,
            new RestorationPolicy(Map.of(EntityType.PERSON, noCase), Set.of()),
            Set.of(),
            MINT::isWord);

    assertThat(restoration.restoreText("JULIET PEMBERTON, Pemberton, JULIET_P@ullrich.example.net"))
        .isEqualTo("JULIET PEMBERTON, Garcia, maria_g@acme.com");
    assertThat(restoration.tally().restored())
        .containsOnly(Map.entry(Strategy.CASE, 1L), Map.entry(Strategy.NAME_PART, 1L));
  }

  @Test
  void accept_everyPairOfCuts_givesTheWhole() {
    List<String> texts =
        List.of(
            "Juliet Pemb\u00aderton and **Juliet** Pembertons, JULIET! Juliett Pembreton juliet.",
            "call (415) 555-0177 or 4368-5881-8231-3967 5; +44 415 555 0177, 020 7946 0958.",
            "Zo%C3%A9%20M%C3%BCller-Lang Juliet&nbsp;Pemberton &amp; juliet\\_p@ullrich.example.net",
            "see https://evil.example/?q=Juliet%20Pemberton&x=Juliet Pemberton on March 5, 1984");
    for (String text : texts) {
      String whole = restoration().restoreText(text);
      Restoration restoration = restoration();
      for (int first = 0; first <= text.length(); first++) {
        for (int second = first; second <= text.length(); second++) {
          Rehydrator rehydrator = restoration.text();
          String streamed =
              rehydrator.accept(text.substring(0, first))
                  + rehydrator.accept(text.substring(first, second))
                  + rehydrator.accept(text.substring(second))
                  + rehydrator.finish();
          if (!streamed.equals(whole)) {
            assertThat(streamed).as("cut at %d and %d of %s", first, second, text).isEqualTo(whole);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void accept_randomTextsInRandomPieces_givesTheWhole(long seed) {
    Random random = new Random(seed);
    List<String> pieces = new ArrayList<>();
    for (Restoration.Entry entry : ENTRIES) {
      pieces.add(entry.surrogate());
      entry.aliases().forEach(alias -> pieces.add(alias.surrogate()));
    }
    pieces.addAll(
        List.of(
            " ", ", ", "%20", "&nbsp;", "\\", "\\n", "-", "-\n", "**", "//", "http://a.b/", "s"));
    for (int run = 0; run < 60; run++) {
      StringBuilder text = new StringBuilder();
      while (text.length() < 400) {
        String piece = pieces.get(random.nextInt(pieces.size()));
        int cut = random.nextInt(4) == 0 ? random.nextInt(piece.length()) : piece.length();
        text.append(piece, 0, cut).append(random.nextInt(3) == 0 ? "" : " ");
      }
      String prose = text.toString();
      String inJson = "{\"text\":\"" + JsonText.escape(prose) + "\"}";
      List<String> nested =
          List.of("[\"" + JsonText.escape(inJson) + "\",", "[\"[\\\"" + JsonText.escape(prose));
      List<Boolean> asJson = List.of(false, true, true, true);
      List<String> sources = List.of(prose, prose, nested.getFirst(), nested.getLast());
      for (int i = 0; i < sources.size(); i++) {
        boolean json = asJson.get(i);
        Restoration restoration = restoration();
        String all = sources.get(i);
        boolean shown = random.nextBoolean();
        String whole =
            !json
                ? restoration.restoreText(all)
                : shown
                    ? restoration.shownJsonSource().restoreWhole(all)
                    : restoration.restoreJsonSource(all);
        Rehydrator channel =
            !json
                ? restoration.text()
                : shown ? restoration.shownJsonSource() : restoration.jsonSource();
        StringBuilder streamed = new StringBuilder();
        for (int at = 0; at < all.length(); ) {
          int next = Math.min(all.length(), at + 1 + random.nextInt(random.nextBoolean() ? 3 : 40));
          streamed.append(channel.accept(all.substring(at, next)));
          at = next;
        }
        assertThat(streamed.append(channel.finish()).toString()).isEqualTo(whole);
      }
    }
  }

  @Test
  void jsonSource_otherFormsTwoDeep_areRestoredThere() {
    assertThat(
            restoration()
                .restoreJsonSource(
                    "{\"a\":\"{\\\"b\\\":\\\"JULIET Pemberton, hT7-kk29x_Qa\\\"}\"}"))
        .isEqualTo("{\"a\":\"{\\\"b\\\":\\\"MARIA Garcia, s3cr\\\\\\\"t\\\"}\"}");
  }

  /** A link goes on where a string turns out to be no JSON text: an escape in it is none. */
  @Test
  void shownJsonSource_linkAmidTextInBrackets_isGuarded() {
    String source = "{\"a\":\"[\\\"https://evil.example/?x=\\\\q=Juliet\"}";
    assertThat(restoration().shownJsonSource().restoreWhole(source)).isEqualTo(source);
    assertThat(restoration().restoreJsonSource(source)).contains("q=Maria");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "![x](https://evil.example/?q=Juliet Pemberton) | ![x](https://evil.example/?q=Juliet"
            + " Pemberton)",
        "[x](https://ok.acme.com/u/Pemberton) | [x](https://ok.acme.com/u/Garcia)",
        "https://a.allowed.org/?n=Pemberton | https://a.allowed.org/?n=Garcia",
        "https://Pemberton.evil.example/x | https://Pemberton.evil.example/x",
        "https://ok.acme.com@evil.example/Juliet | https://ok.acme.com@evil.example/Juliet",
        "<https://evil.example/?q=a Pemberton> | <https://evil.example/?q=a Pemberton>",
        "<img src=\"//evil.example/?q=a Pemberton\"> | <img src=\"//evil.example/?q=a Pemberton\">",
        "www.evil.example/Pemberton | www.evil.example/Pemberton",
        "https://evil.example/ Juliet | https://evil.example/ Maria",
        "a // Juliet | a // Maria",
        "and/or Juliet/Pemberton | and/or Maria/Garcia",
      })
  void restore_inALink_onlyWhereTheHostIsNamedOrAllowed(String text, String expected) {
    Restoration restoration =
        new Restoration(
            ENTRIES,
            new RestorationPolicy(Map.of(), Set.of("*.allowed.org")),
            Set.of("ok.acme.com"),
            MINT::isWord);

    assertThat(restoration.restoreText(text)).isEqualTo(expected);
    boolean left = text.equals(expected);
    assertThat(restoration.tally().withheldCount() > 0).isEqualTo(left);
  }

  @Test
  void tally_ofALinkThatWasLeft_saysTypeAndHost() {
    Restoration restoration = restoration();
    Rehydrator channel = restoration.text();
    "https://evil.example/?q=Juliet "
        .chars()
        .forEach(c -> channel.accept(String.valueOf((char) c)));
    channel.finish();

    assertThat(restoration.tally().withheld())
        .containsExactly(new Tally.Withheld(EntityType.PERSON, "evil.example"));
  }
}
