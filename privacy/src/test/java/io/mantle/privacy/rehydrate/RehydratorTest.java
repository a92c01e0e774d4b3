package io.mantle.privacy.rehydrate;

import static com.fasterxml.jackson.core.json.JsonWriteFeature.ESCAPE_FORWARD_SLASHES;
import static com.fasterxml.jackson.core.json.JsonWriteFeature.ESCAPE_NON_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.mantle.privacy.json.SharedCases;
import io.mantle.privacy.match.NaiveSearch;
import io.mantle.privacy.match.NaiveSearch.Phrase;
import io.mantle.privacy.rehydrate.Restoration.Entry;
import io.mantle.privacy.value.Plaintext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RehydratorTest {
  private static final ObjectMapper JACKSON = new ObjectMapper();

  /** Beginning like each other, in each other, with spaces, digits, marks and emoji. */
  private static final List<Entry> ENTRIES =
      List.of(
          entry("Anna", "Bea \"B\"", true),
          entry("Anna Lee", "Jos\u00e9\nO'Neil\\", true),
          entry("Anna Leeds", "\u0000\u001b\ud83d\ude00", true),
          entry("Annas", "Uwe", true),
          entry("nn", "", false),
          entry("anna.lee@example.com", "b@x.org", true),
          entry("+49 30 555", "+1", true),
          entry("55", "66", false),
          entry("\u00c9mile", "Karl", true),
          entry("\ud83d\ude00\ud83d\ude01", "smile", false),
          entry("\u5f20\u4f1f", "\u674e\u5a1c", true));

  private static final List<String> TEXTS =
      List.of(
          "",
          "A",
          "Anna",
          "Annas",
          "AnnaAnna Lee Leeds",
          "Anna, Annabel and Anna's Anna Lee; Anna Lees, Anna Leeds, Anna Leedst, xAnna Anna",
          "Mail anna.lee@example.comx or anna.lee@example.com, call +49 30 555 or +49 30 5555.",
          "\u00c9mile E\u0301mile \u00c9mile\u0301 \u5f20\u4f1f\u8bf4 \ud83d\ude00\ud83d\ude01\ud83d"
              + "\ude00\ud83d\ude00\ud83d\ude01\ud83d",
          "print(\"x\\nAnna\\tAnna Lee\\\\nAnna\") C:\\Anna\\nn",
          "{\"q\":\"\\u0041nna Lee\\nAnna \\\"Anna\\\" \\u003cAnna\\u003e \\u00c9mile \\\\u00c9mile\""
              + ",\"e\":\"\\ud83d\\ude00\\ud83d\\ude01\\ud83d\\u5f20\\u4F1F anna.lee\\u0040example.com"
              + "\"}\\",
          "\\\\\\u0041nna\\u00 \\u004 \\x\\",
          "5 55 555 +49 30 55 5");

  enum Channel {
    TEXT,
    JSON_SOURCE;

    Rehydrator open(Restoration restoration) {
      return this == TEXT ? restoration.text() : restoration.jsonSource();
    }
  }

  @ParameterizedTest
  @EnumSource(Channel.class)
  void whole_everyText_isAsTheReferenceRestores(Channel channel) {
    for (String text : TEXTS) {
      assertThat(channel.open(new Restoration(ENTRIES)).restoreWhole(text))
          .as(text)
          .isEqualTo(reference(ENTRIES, text, channel));
    }
  }

  @ParameterizedTest
  @EnumSource(Channel.class)
  void accept_everyPairOfCuts_givesTheWhole(Channel channel) {
    Restoration restoration = new Restoration(ENTRIES);
    for (String text : TEXTS) {
      String whole = channel.open(restoration).restoreWhole(text);
      for (int first = 0; first <= text.length(); first++) {
        for (int second = first; second <= text.length(); second++) {
          Rehydrator rehydrator = channel.open(restoration);
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
  @EnumSource(Channel.class)
  void accept_everyPairOfCutsOfARandomText_givesTheWhole(Channel channel) {
    for (long seed = 1; seed <= 3; seed++) {
      Random random = new Random(seed);
      Restoration restoration = new Restoration(ENTRIES);
      String text = randomText(random, 70);
      String whole = channel.open(restoration).restoreWhole(text);
      assertThat(whole).as("seed " + seed).isEqualTo(reference(ENTRIES, text, channel));
      for (int first = 0; first <= text.length(); first++) {
        for (int second = first; second <= text.length(); second++) {
          Rehydrator rehydrator = channel.open(restoration);
          String streamed =
              rehydrator.accept(text.substring(0, first))
                  + rehydrator.accept(text.substring(first, second))
                  + rehydrator.accept(text.substring(second))
                  + rehydrator.finish();
          if (!streamed.equals(whole)) {
            assertThat(streamed)
                .as("seed %d cut at %d and %d", seed, first, second)
                .isEqualTo(whole);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void accept_randomSplitsOfLongTexts_givesTheWhole(long seed) {
    for (Channel channel : Channel.values()) {
      Random random = new Random(seed);
      String text = randomText(random, 1_500);
      Restoration restoration = new Restoration(ENTRIES);
      String whole = channel.open(restoration).restoreWhole(text);
      assertThat(whole).as("seed " + seed).isEqualTo(reference(ENTRIES, text, channel));
      for (int pieceCharsMax = 1; pieceCharsMax <= 256; pieceCharsMax *= 4) {
        Rehydrator rehydrator = channel.open(restoration);
        StringBuilder streamed = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
          int end = Math.min(text.length(), at + random.nextInt(pieceCharsMax + 1));
          streamed.append(rehydrator.accept(text.substring(at, end)));
          at = end;
        }
        streamed.append(rehydrator.finish());
        assertThat(streamed.toString())
            .as("seed %d, pieces of up to %d", seed, pieceCharsMax)
            .isEqualTo(whole);
      }
    }
  }

  /**
   * What has left is exactly what all continuations have in common: no less has been held back than
   * must, and no more. The originals begin with what nothing else does, so that two continuations
   * that decide differently also begin differently.
   */
  @ParameterizedTest
  @EnumSource(Channel.class)
  void accept_charByChar_holdsBackNoMoreThanItMust(Channel channel) {
    List<Entry> entries = new ArrayList<>();
    for (Entry entry : ENTRIES) {
      entries.add(
          entry(entry.surrogate(), Character.toString(0x2460 + entries.size()), entry.bounded()));
    }
    Restoration restoration = new Restoration(entries);
    Set<String> continuations =
        new LinkedHashSet<>(List.of("", " ", "x", "1", "~", "sx", "\u0301"));
    for (Entry entry : entries) {
      String surrogate = entry.surrogate();
      for (int i = 0; i < surrogate.length(); i++) {
        continuations.add(surrogate.substring(i));
      }
    }
    List<String> texts = new ArrayList<>(TEXTS);
    for (long seed = 1; seed <= 12; seed++) {
      texts.add(randomText(new Random(seed), 60));
    }
    for (String text : texts) {
      Rehydrator rehydrator = channel.open(restoration);
      StringBuilder left = new StringBuilder();
      for (int end = 1; end <= text.length(); end++) {
        String piece = text.substring(end - 1, end);
        left.append(rehydrator.accept(piece));
        String soFar = text.substring(0, end);
        String held = soFar.substring(end - rehydrator.heldChars());
        if (channel == Channel.JSON_SOURCE && held.matches("(?s).*\\\\(u[0-9a-fA-F]{0,3})?")) {
          continue; // an escape that is not complete is held whatever it may say
        }
        String common = null;
        for (String continuation : continuations) {
          String whole = channel.open(restoration).restoreWhole(soFar + continuation);
          common = common == null ? whole : commonStart(common, whole);
        }
        assertThat(left.toString())
            .as("%s after %s, holding %s", channel, soFar, held)
            .isEqualTo(common);
      }
    }
  }

  @Test
  void accept_nothingThatCouldBecomeASurrogate_leavesAtOnceAsItCame() {
    Rehydrator rehydrator = new Restoration(ENTRIES).text();
    String piece = "Nothing of note. ";
    assertThat(rehydrator.accept(piece)).isSameAs(piece);
    assertThat(rehydrator.heldChars()).isZero();
    assertThat(rehydrator.accept("See An")).isEqualTo("See ");
    assertThat(rehydrator.heldChars()).isEqualTo(2);
    assertThat(rehydrator.accept("")).isEmpty();
    assertThat(rehydrator.accept("d so ")).isEqualTo("And so ");
    assertThat(rehydrator.heldChars()).isZero();
    assertThat(rehydrator.finish()).isEmpty();
    assertThat(Restoration.NONE.text().accept(piece)).isSameAs(piece);
    assertThat(Restoration.NONE.jsonSource().accept("\\")).isEqualTo("\\");
  }

  @Test
  void finish_withASurrogateAtTheVeryEnd_restoresIt() {
    Rehydrator rehydrator = new Restoration(ENTRIES).text();
    assertThat(rehydrator.accept("Dear Anna L")).isEqualTo("Dear ");
    assertThat(rehydrator.finish()).isEqualTo("Bea \"B\" L");
  }

  @Test
  void accept_emojiCutBetweenItsHalves_isRestoredOrWhole() {
    Rehydrator rehydrator = new Restoration(ENTRIES).text();
    assertThat(rehydrator.accept("x\ud83d")).isEqualTo("x");
    assertThat(rehydrator.accept("\ude00\ud83d")).isEmpty();
    assertThat(rehydrator.accept("\ude01")).isEqualTo("smile");
    assertThat(rehydrator.accept("\ud83d")).isEmpty();
    assertThat(rehydrator.accept("\ude02")).isEqualTo("\ud83d\ude02");
  }

  @Test
  void jsonSource_anyOriginalHoweverWritten_isValidAndSaysTheOriginal() throws IOException {
    List<String> originals =
        List.of(
            "\"",
            "\\",
            "a\"b\\c",
            "\n\r\t\b\f",
            "\u0000\u001f\u007f",
            "/",
            "\u2028\u2029",
            "\\u0041",
            "\\\"",
            "{\"a\":[1]}",
            "\u00e9\u4e2d\ud83d\ude00",
            "",
            "', '",
            "\\n");
    List<ObjectWriter> writers =
        List.of(
            JACKSON.writer(),
            JACKSON.writerWithDefaultPrettyPrinter(),
            JACKSON.writer().with(ESCAPE_NON_ASCII),
            JACKSON.writer().with(ESCAPE_NON_ASCII).with(ESCAPE_FORWARD_SLASHES));
    List<String> surrogates =
        List.of(
            "Anna", "\u00c9mile Zo\u00eb", "a/b", "\ud83d\ude00", "5th \"Ave\"\nParis", "C:\\new");
    for (String surrogate : surrogates) {
      for (String original : originals) {
        Restoration restoration = new Restoration(List.of(entry(surrogate, original, true)));
        Map<String, List<String>> said = new LinkedHashMap<>();
        Map<String, List<String>> meant = new LinkedHashMap<>();
        String[] frames = {
          "%s", "\n%s\n", "\"%s\"", "\\ %s\\", "<%s>", "\u2028%s\t", "\ud83d\ude01%s'"
        };
        for (String frame : frames) {
          said.put(frame, List.of(frame.replace("%s", surrogate), surrogate));
          meant.put(frame, List.of(frame.replace("%s", original), original));
        }
        for (ObjectWriter writer : writers) {
          String source = writer.writeValueAsString(said);
          Rehydrator rehydrator = restoration.jsonSource();
          StringBuilder restored = new StringBuilder();
          source.chars().forEach(c -> restored.append(rehydrator.accept("" + (char) c)));
          restored.append(rehydrator.finish());
          assertThat(JACKSON.readValue(restored.toString(), Object.class)).isEqualTo(meant);
        }
      }
    }
  }

  @Test
  void jsonSource_everyCharacterEscaped_isRestored() {
    Restoration restoration = new Restoration(List.of(entry("Anna \u00c9", "\"", true)));
    assertThat(
            restoration.jsonSource().restoreWhole("\"\\u0041\\u006E\\u006e\\u0061\\u0020\\u00C9\""))
        .isEqualTo("\"\\\"\"");
  }

  @Test
  void accept_naughtyStringsAroundSurrogates_giveOriginalsBack() throws IOException {
    Entry entry = entry("Quillon Farnaby", "Jane \"JJ\" Doe\\\n", true);
    Restoration restoration = new Restoration(List.of(entry));
    List<String> wrong = new ArrayList<>();
    for (String naughty : SharedCases.naughtyStrings()) {
      String said = naughty + " Quillon Farnaby " + naughty;
      String meant = naughty + " Jane \"JJ\" Doe\\\n " + naughty;
      String inJson = JACKSON.writeValueAsString(List.of(said));
      if (!spoonFed(restoration.text(), said).equals(meant)
          || !restoration.text().restoreWhole(naughty).equals(naughty)
          || !restoration.text().restoreWhole(said).equals(meant)
          || !JACKSON.readValue(spoonFed(restoration.jsonSource(), inJson), String[].class)[0]
              .equals(meant)
          || !spoonFed(restoration.jsonSource(), naughty).equals(naughty)) {
        wrong.add(naughty);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void accept_naughtyStringsAsOriginals_areGivenBack() throws IOException {
    for (String naughty : SharedCases.naughtyStrings()) {
      Restoration restoration = new Restoration(List.of(entry("Quillon Farnaby", naughty, true)));
      assertThat(restoration.text().restoreWhole("\"Quillon Farnaby\""))
          .isEqualTo('"' + naughty + '"');
      String restored = restoration.jsonSource().restoreWhole("[\"Quillon Farnaby\"]");
      assertThat(JACKSON.readValue(restored, String[].class)).containsExactly(naughty);
    }
  }

  /** Linear work takes well under a second; work that grows with the square would take minutes. */
  @ParameterizedTest
  @EnumSource(Channel.class)
  void accept_aMegabyteOfNearMisses_takesLinearTime(Channel channel) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      entries.add(entry("Quillon Farnaby " + i, "original", true));
    }
    StringBuilder firstCharacters = new StringBuilder();
    for (int c = 0x4e00; c < 0x7e00; c += 2) { // many phrases, each beginning otherwise
      entries.add(entry(Character.toString(c) + "\u4f1f\u660e", "original", true));
      firstCharacters.appendCodePoint(c).appendCodePoint(c + 1);
    }
    String key = "-----BEGIN KEY-----" + "a".repeat(1_600);
    entries.add(entry(key, "original", false));
    entries.add(entry("b".repeat(64) + "c", "original", false));
    Restoration restoration = new Restoration(entries);
    for (String miss :
        List.of(
            "Quillon Farnab ",
            "Quillon Farnaby 1x ",
            "b",
            key.substring(1),
            key.substring(0, 1_000),
            firstCharacters.toString(),
            "\\",
            "\\u00",
            "Quillon Farnaby 1x\\u0061")) {
      String text = miss.repeat((1 << 20) / miss.length());
      assertTimeout(
          Duration.ofSeconds(10),
          () -> {
            Rehydrator rehydrator = channel.open(restoration);
            int left = 0;
            for (int at = 0; at < text.length(); at += 1024) {
              int end = Math.min(text.length(), at + 1024);
              left += rehydrator.accept(text.substring(at, end)).length();
            }
            assertThat(left + rehydrator.finish().length()).isEqualTo(text.length());
          });
    }
  }

  @Test
  void toString_saysNoValue() {
    assertThat(new Restoration(ENTRIES)).hasToString("Restoration[11 surrogates]");
    assertThat(ENTRIES.getFirst().toString()).doesNotContain("Bea").doesNotContain("Anna");
  }

  private static String spoonFed(Rehydrator rehydrator, String text) {
    StringBuilder restored = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      restored.append(rehydrator.accept(text.substring(i, i + 1)));
    }
    return restored.append(rehydrator.finish()).toString();
  }

  private static String reference(List<Entry> entries, String text, Channel channel) {
    boolean json = channel == Channel.JSON_SOURCE;
    List<Phrase> phrases = new ArrayList<>();
    List<String> originals = new ArrayList<>();
    for (Entry entry : entries) {
      phrases.add(new Phrase(entry.surrogate(), entry.bounded()));
      String original = entry.original().reveal();
      originals.add(json ? escaped(original) : original);
    }
    return NaiveSearch.replace(phrases, originals, text, json);
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> escaped.append('\\').append(c);
        case '\n' -> escaped.append("\\n");
        default -> escaped.append(c < 0x20 ? String.format("\\u%04x", (int) c) : "" + c);
      }
    }
    return escaped.toString();
  }

  private static String randomText(Random random, int pieces) {
    List<String> parts =
        List.of(
            " ",
            "a",
            "n",
            "s",
            "An",
            "Anna",
            " Lee",
            "ds",
            "5",
            "+49 30 ",
            "\ud83d\ude00",
            "\ud83d",
            "\ude01",
            "\u5f20",
            "\u4f1f",
            "\u00c9",
            "mile",
            "\\",
            "\\n",
            "\"",
            "\\u0041",
            "\\u00",
            "c9",
            "anna.lee@",
            "example.com",
            "\u0301",
            ",",
            "u",
            "x");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(parts.get(random.nextInt(parts.size())));
    }
    return text.toString();
  }

  private static String commonStart(String one, String other) {
    int i = 0;
    while (i < Math.min(one.length(), other.length()) && one.charAt(i) == other.charAt(i)) {
      i++;
    }
    return one.substring(0, i);
  }

  private static Entry entry(String surrogate, String original, boolean bounded) {
    return new Entry(surrogate, new Plaintext(original), bounded);
  }
}
