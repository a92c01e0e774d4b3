package io.mantle.privacy.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mantle.privacy.match.NaiveSearch.Found;
import io.mantle.privacy.match.NaiveSearch.Phrase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Phrases are written {@code a|b}; a {@code ~} before one says that it is found inside words. */
final class PhraseSetTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "Anna,Anna,[Anna]",
        "Anna,,",
        "Anna,Ann,Ann",
        "Anna,anna ANNA,anna ANNA",
        "Anna,Annabel Joanna Hannah,Annabel Joanna Hannah",
        "~Anna,Annabel xAnnax,[Anna]bel x[Anna]x",
        "Anna,Anna's Annas Annas' Annass Annasa,[Anna]'s [Anna]s [Anna]s' Annass Annasa",
        "Anna,Annas1 Annas. Anna1 1Anna,Annas1 [Anna]s. Anna1 1Anna",
        "Anna,Anna_ _Anna -Anna- @Anna,[Anna]_ _[Anna] -[Anna]- @[Anna]",
        "Anna,AnnaAnna Anna.Anna,AnnaAnna [Anna].[Anna]",
        "~ana,banana,b[ana]na",
        "555-0100,555-0100 5550-0100 1555-0100 555-01001,[555-0100] 5550-0100 1555-0100 555-01001",
        "555-0100,+1-555-0100x +1(555-0100),+1-555-0100x +1([555-0100])",
        "42,42 42s 42nd a42 4.42,[42] 42s 42nd a42 4.[42]",
        "+49 30,+49 30 x+49 30 1+49 30 +49 301,[+49 30] x[+49 30] 1[+49 30] +49 301",
        "Inc.,Inc. Inc.x xInc.,[Inc.] [Inc.]x xInc.",
        "a|ab|abc,ab abc abcd a,[ab] [abc] abcd [a]",
        "~a|~ab|~abc,abcabxa,[abc][ab]x[a]",
        "~abcd|~bc,abc abcd,a[bc] [abcd]",
        "Anna|Anna Lee,Anna Leeds Anna Lee Anna,[Anna] Leeds [Anna Lee] [Anna]",
        "Anna|~Annas,Annas Annast Anna,[Annas] [Annas]t [Anna]",
        "Anna Lee|Lee Ray,Anna Lee Ray,[Anna Lee] Ray",
        "~aab,aaaab,aa[aab]",
        "Zo\u00eb,Zo\u00eb Zo\u00ebl Zoe\u0308,[Zo\u00eb] Zo\u00ebl Zoe\u0308",
        "Zoe,Zoe\u0308 Zoe,Zoe\u0308 [Zoe]", // a mark makes another letter of it
        "Anna,\u00e9Anna Anna\u00e9 \u0416Anna,\u00e9Anna Anna\u00e9 \u0416Anna",
        "\u5f20\u4f1f,\u5f20\u4f1f\u8bf4 \u95ee\u5f20\u4f1f,[\u5f20\u4f1f]\u8bf4 \u95ee[\u5f20\u4f1f]",
        "Anna,Anna\u3055\u3093 \u306eAnna,[Anna]\u3055\u3093 \u306e[Anna]",
        "\uae40\ucca0\uc218,\uae40\ucca0\uc218\ub294,[\uae40\ucca0\uc218]\ub294",
        "~\ud83d\ude00,\ud83d\ude01\ud83d\ude00,\ud83d\ude01[\ud83d\ude00]",
        "Anna,\ud83d\ude00Anna\ud83d\ude00,\ud83d\ude00[Anna]\ud83d\ude00",
        "Anna,x\\nAnna x\\tAnna nAnna \\xAnna,x\\n[Anna] x\\t[Anna] nAnna \\xAnna",
      })
  void find_inText_isAsMarked(String phrases, String text, String marked) {
    assertThat(marked(phrases, text, false)).isEqualTo(marked == null ? "" : marked);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "Anna,{\"Anna\":\"Annas\"},{\"[Anna]\":\"[Anna]s\"}",
        "Anna,\"\\nAnna\\n\",\"\\n[Anna]\\n\"",
        "Anna,\"\\\\nAnna\",\"\\\\n[Anna]\"", // says backslash n
        "Anna,\"\\u006eAnna\\u006e\",\"\\u006eAnna\\u006e\"", // says n
        "Anna,\"\\u003cAnna\\u003e\",\"\\u003c[Anna]\\u003e\"", // says < and >
        "Anna,\"\\u0041nn\\u0061 \\u0041NN\",\"[\\u0041nn\\u0061] \\u0041NN\"",
        "Anna,\"Anna\\u0301 Anna\\u00e9\",\"Anna\\u0301 Anna\\u00e9\"",
        "Anna,\"Anna\\u0027s Anna\\u0073\",\"[Anna]\\u0027s [Anna]\\u0073\"",
        "~nina,\"\\nina \\\\nina\",\"\\nina \\\\[nina]\"", // the n of an escape is no n
        "nina,\"\\nina nina\",\"\\nina [nina]\"",
        "~00e9,\"\\u00e9 00e9\",\"\\u00e9 [00e9]\"",
        "~e9,\"\\u00e9 \\\\u00e9\",\"\\u00e9 \\\\u00[e9]\"",
        "~2028,\"\\u2028 \\\\u2028\",\"\\u2028 \\\\u[2028]\"",
        "\u00c9mile,\"\\u00c9mile \\u00C9mile \\\\u00c9mile\","
            + "\"[\\u00c9mile] [\\u00C9mile] \\\\u00c9mile\"",
        "~\ud83d\ude00,\"\\ud83d\\ude00 \\uD83D\ude00\",\"[\\ud83d\\ude00] [\\uD83D\ude00]\"",
        "~a/b,\"a/b a\\/b\",\"[a/b] [a\\/b]\"",
        "~a\"b,\"a\\\"b\" a\"b,\"[a\\\"b]\" a\"b", // a quote of the syntax is none of the text
        "~a\\b,\"a\\\\b a\\b\",\"[a\\\\b] a\\b\"",
        "~x,\\x \\\\x \\\\\\x,\\x \\\\[x] \\\\\\x",
        "~12,\\u12 \\u12x \\u1x12,\\u[12] \\u[12]x \\u1x[12]", // no escape: stands for nothing
        "~a,a\\,[a]\\",
        "~a,a\\u00,[a]\\u00",
      })
  void find_inJsonSource_isAsMarked(String phrases, String text, String marked) {
    assertThat(marked(phrases, text, true)).isEqualTo(marked);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void find_randomPhrasesAndTexts_isWhatTheReferenceFinds(long seed) {
    List<String> alphabet =
        List.of(
            "a",
            "b",
            "s",
            "n",
            "1",
            "\u00e9",
            "\u4e2d",
            "\u0301",
            " ",
            "'",
            "\\",
            "\"",
            "\\n",
            "\\u0061",
            "\\u00e9",
            "\ud83d\ude00");
    for (int round = 0; round < 4000; round++) {
      Random random = new Random(seed * 10_000 + round);
      int letters = 2 + random.nextInt(alphabet.size() - 1);
      List<Phrase> phrases = new ArrayList<>();
      for (int i = 1 + random.nextInt(5); i > 0; i--) {
        String phrase = randomText(random, alphabet, letters, 1 + random.nextInt(4));
        if (phrases.stream().noneMatch(other -> other.text().equals(phrase))) {
          phrases.add(new Phrase(phrase, random.nextBoolean()));
        }
      }
      String text = randomText(random, alphabet, letters, random.nextInt(24));
      PhraseSet set = build(phrases);
      for (int way = 0; way < 4; way++) {
        boolean json = (way & 1) != 0;
        boolean more = (way & 2) != 0;
        NaiveSearch reference = new NaiveSearch(phrases, text, json, more);
        PhraseSet.Before before = new PhraseSet.Before(json);
        PhraseSet.Hit hit = new PhraseSet.Hit();
        int from = 0;
        do {
          set.find(text, from, before, more, hit);
          assertThat(new Found(hit.phrase(), hit.start(), hit.end()))
              .as(
                  "seed %d round %d json %s more %s: %s in %s",
                  seed, round, json, more, phrases, text)
              .isEqualTo(reference.find(from));
          from = hit.end();
        } while (hit.phrase() >= 0);
      }
    }
  }

  @Test
  void find_withMoreToCome_leavesOpenWhatIsOpen() {
    PhraseSet set = build(phrases("Anna|Anna Lee|~xx|Inc."));
    assertThat(decided(set, "an Ann", false)).isEqualTo(3);
    assertThat(decided(set, "an Anna", false)).isEqualTo(3);
    assertThat(decided(set, "an Annas", false)).isEqualTo(3);
    assertThat(decided(set, "an Annab", false)).isEqualTo(8);
    assertThat(decided(set, "an Anna L", false)).isEqualTo(3);
    assertThat(decided(set, "Joann", false)).isEqualTo(5);
    assertThat(decided(set, "JoAnn", false)).isEqualTo(5); // inside of a word it cannot begin
    assertThat(decided(set, "ax", false)).isEqualTo(1);
    assertThat(decided(set, "Inc", false)).isZero();
    assertThat(found(set, "Inc.", false)).isEqualTo(3); // nothing could join a full stop
    assertThat(found(set, "xx", false)).isEqualTo(2); // unbounded, and nothing is longer
    assertThat(decided(set, "Anna\\", true)).isZero();
    assertThat(decided(set, "a\\u00", true)).isEqualTo(1);
    assertThat(decided(set, "a\\\\", true)).isEqualTo(3);
  }

  @Test
  void find_longerUnboundedOverOpenShorter_isDecided() {
    PhraseSet set = build(phrases("Anna|~Annas"));
    assertThat(found(set, "Annas", false)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "Hi ,true,true",
        "Hi,false,false",
        "1,false,false",
        "\\n,true,true", // says backslash and n, or a new line
        "\\\\n,true,true",
        "\\u006e,false,false",
        "\\u003c,false,true",
        "\\u0020,false,true",
        "\\\\u0020,false,false",
        "\\\\\\u0020,false,true",
        "\\/,true,true",
        "\\x,false,true",
        "\u4e2d,true,true",
      })
  void find_afterWhatHasGoneBy_knowsWhetherAWordBegins(
      String gone, boolean foundInText, boolean foundInJson) {
    PhraseSet set = build(phrases("Anna"));
    assertThat(foundAfter(set, gone, gone.length(), false)).isEqualTo(foundInText);
    assertThat(foundAfter(set, gone, 1, false)).isEqualTo(foundInText);
    assertThat(foundAfter(set, gone, gone.length(), true)).isEqualTo(foundInJson);
  }

  @Test
  void find_afterPassingNothing_remembersWhatWasBefore() {
    PhraseSet.Before before = new PhraseSet.Before(false);
    before.passed("x", 1);
    before.passed("", 0);
    before.passed("yy", 0);
    PhraseSet.Hit hit = new PhraseSet.Hit();
    build(phrases("Anna")).find("Anna", 0, before, false, hit);
    assertThat(hit.phrase()).isEqualTo(-1);
  }

  @Test
  void add_emptyOrTooLong_isRefused() {
    PhraseSet.Builder builder = new PhraseSet.Builder();
    assertThatIllegalArgumentException().isThrownBy(() -> builder.add("", false));
    String longest = "x".repeat(PhraseSet.PHRASE_CHARS_MAX);
    assertThatIllegalArgumentException().isThrownBy(() -> builder.add(longest + "x", false));
    assertThat(builder.add(longest, false)).isZero();
    assertThat(found(builder.build(), longest, false)).isZero();
  }

  @Test
  void add_theSameTwice_firstStaysAndNumbersGoOn() {
    PhraseSet.Builder builder = new PhraseSet.Builder();
    assertThat(builder.add("a", true)).isZero();
    assertThat(builder.add("a", false)).isEqualTo(1);
    assertThat(builder.add("b", false)).isEqualTo(2);
    PhraseSet set = builder.build();
    assertThat(found(set, "a b", false)).isZero();
    assertThat(found(set, "b", false)).isEqualTo(2);
    assertThat(new PhraseSet.Builder().build().isEmpty()).isTrue();
  }

  private static String marked(String phrases, String text, boolean json) {
    String said = text == null ? "" : text;
    List<Phrase> list = phrases(phrases);
    List<String> marks = list.stream().map(phrase -> "[" + phrase.text() + "]").toList();
    PhraseSet set = build(list);
    StringBuilder marked = new StringBuilder();
    StringBuilder replaced = new StringBuilder();
    PhraseSet.Before before = new PhraseSet.Before(json);
    PhraseSet.Hit hit = new PhraseSet.Hit();
    int done = 0;
    for (set.find(said, 0, before, false, hit);
        hit.phrase() >= 0;
        set.find(said, done, before, false, hit)) {
      marked.append(said, done, hit.start()).append('[');
      marked.append(said, hit.start(), hit.end()).append(']');
      replaced.append(said, done, hit.start()).append(marks.get(hit.phrase()));
      done = hit.end();
    }
    assertThat(hit.start()).isEqualTo(said.length());
    replaced.append(said, done, said.length());
    assertThat(replaced).hasToString(NaiveSearch.replace(list, marks, said, json));
    return marked.append(said, done, said.length()).toString();
  }

  private static int decided(PhraseSet set, String text, boolean json) {
    PhraseSet.Hit hit = new PhraseSet.Hit();
    set.find(text, 0, new PhraseSet.Before(json), true, hit);
    assertThat(hit.phrase()).isEqualTo(-1);
    return hit.start();
  }

  private static int found(PhraseSet set, String text, boolean json) {
    PhraseSet.Hit hit = new PhraseSet.Hit();
    set.find(text, 0, new PhraseSet.Before(json), true, hit);
    return hit.phrase();
  }

  private static boolean foundAfter(PhraseSet set, String gone, int pieceChars, boolean json) {
    PhraseSet.Before before = new PhraseSet.Before(json);
    for (int at = 0; at < gone.length(); at += pieceChars) {
      before.passed(gone.substring(at, at + pieceChars), pieceChars);
    }
    PhraseSet.Hit hit = new PhraseSet.Hit();
    set.find("Anna", 0, before, false, hit);
    return hit.phrase() == 0;
  }

  private static List<Phrase> phrases(String written) {
    return Arrays.stream(written.split("\\|"))
        .map(
            phrase ->
                phrase.startsWith("~")
                    ? new Phrase(phrase.substring(1), false)
                    : new Phrase(phrase, true))
        .toList();
  }

  private static PhraseSet build(List<Phrase> phrases) {
    PhraseSet.Builder builder = new PhraseSet.Builder();
    phrases.forEach(phrase -> builder.add(phrase.text(), phrase.bounded()));
    return builder.build();
  }

  private static String randomText(Random random, List<String> alphabet, int letters, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(alphabet.get(random.nextInt(letters)));
    }
    return text.toString();
  }
}
