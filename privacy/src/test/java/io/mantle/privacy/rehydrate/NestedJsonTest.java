package io.mantle.privacy.rehydrate;

import static com.fasterxml.jackson.core.json.JsonWriteFeature.ESCAPE_FORWARD_SLASHES;
import static com.fasterxml.jackson.core.json.JsonWriteFeature.ESCAPE_NON_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.mantle.privacy.json.SharedCases;
import io.mantle.privacy.value.Plaintext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON texts within strings of JSON texts: valid at every depth, and saying the value there. */
class NestedJsonTest {
  private static final ObjectMapper JACKSON = new ObjectMapper();
  private static final int DEPTH_MAX = 4;

  /** Longer sources are cut once, at every place. */
  private static final int PAIR_CHARS_MAX = 300;

  private static final List<ObjectWriter> WRITERS =
      List.of(
          JACKSON.writer(),
          JACKSON.writerWithDefaultPrettyPrinter(),
          JACKSON.writer().with(ESCAPE_NON_ASCII).with(ESCAPE_FORWARD_SLASHES));
  private static final List<String> ORIGINALS =
      List.of(
          "Maria",
          "a\"b\\c",
          "12 Elm Street\nSpringfield",
          "\u0001\u007f",
          "\\n",
          "{\"a\":[1]}",
          "\u00e9\u4e2d\ud83d\ude00",
          "",
          "]}");
  private static final List<String> SURROGATES =
      List.of(
          "Juliet", "\u00c9mile Zo\u00eb", "a/b", "\ud83d\ude00", "5th \"Ave\"\nParis", "C:\\new");

  private static Restoration restoring(String surrogate, String original) {
    return new Restoration(
        List.of(new Restoration.Entry(surrogate, new Plaintext(original), true)));
  }

  @Test
  void jsonSource_anyOriginalAtAnyDepth_isValidThereAndSaysTheOriginal() throws IOException {
    for (String surrogate : SURROGATES) {
      for (String original : ORIGINALS) {
        Restoration restoration = restoring(surrogate, original);
        for (ObjectWriter writer : WRITERS) {
          for (int depth = 1; depth <= DEPTH_MAX; depth++) {
            String source = nested(writer, depth, surrogate);
            String whole = restoration.restoreJsonSource(source);
            assertThat(unnested(whole, depth))
                .as("%s for %s, %d deep", original, surrogate, depth)
                .isEqualTo(unnested(nested(writer, depth, original), depth));
            assertThat(spoonFed(restoration.jsonSource(), source)).isEqualTo(whole);
          }
        }
      }
    }
  }

  @Test
  void jsonSource_everyPairOfCuts_givesTheWhole() throws IOException {
    Restoration restoration = restoring("\u00c9mile \"Zo\u00eb\"\nQ", "Ma\"ria\\\nG");
    List<String> sources =
        new ArrayList<>(
            List.of(
                // What reads like JSON at first, or is broken off.
                "{\"a\":\"[1] \\\"\u00c9mile \\\\\\\"Zo\u00eb\\\\\\\"\\nQ\\\" and so on\"}",
                "{\"a\":\"[\\\"\u00c9mile \\\"Zo\u00eb\\\"\\nQ\\\"]\",\"b\":\"\u00c9mile \\\"Zo\u00eb\\\"\\nQ\"}",
                "{\"a\":\"{\\\"b\\\":\\\"\u00c9mile \\\\\\\"Zo\u00eb\\\\\\\"\\\\nQ",
                "{\"a\":\"{\\\"b\\\":\\\"\u00c9mile \\\\\\\"Zo\u00eb\\\\\\\"\\\\nQ\\u00",
                "[\"{x} \u00c9mile \\\"Zo\u00eb\\\"\\nQ\", \"{\\\"b\\\" \u00c9mile \\\"Zo\u00eb\\\"\\nQ\"] not JSON",
                "{\"a\":\"[\\\"\\\\x \u00c9mile \\\\\\\"Zo\u00eb\\\\\\\"\\\\nQ\\\"]\"}",
                "{\"a\":\"[\\\"[\\\\\\\"\u00c9mile \\\"Zo\u00eb\\\"\\nQ"));
    sources.add(nested(WRITERS.getFirst(), 2, "\u00c9mile \"Zo\u00eb\"\nQ"));
    sources.add(nested(WRITERS.getLast(), 3, "\u00c9mile \"Zo\u00eb\"\nQ"));
    for (String source : sources) {
      String whole = restoration.restoreJsonSource(source);
      for (int first = 0; first <= source.length(); first++) {
        int last = source.length() <= PAIR_CHARS_MAX ? source.length() : first;
        for (int second = first; second <= last; second++) {
          Rehydrator channel = restoration.jsonSource();
          String streamed =
              channel.accept(source.substring(0, first))
                  + channel.accept(source.substring(first, second))
                  + channel.accept(source.substring(second))
                  + channel.finish();
          if (!streamed.equals(whole)) {
            assertThat(streamed)
                .as("cut at %d and %d of %s", first, second, source)
                .isEqualTo(whole);
          }
        }
      }
    }
  }

  @Test
  void jsonSource_proseInBrackets_isText() {
    Restoration restoration = restoring("Juliet", "Ma\"ria\n");
    assertThat(
            restoration.restoreJsonSource("{\"a\":\"[Note] Juliet\",\"b\":\"[1] \\\"Juliet\\\"\"}"))
        .isEqualTo("{\"a\":\"[Note] Ma\\\"ria\\n\",\"b\":\"[1] \\\"Ma\\\"ria\\n\\\"\"}");
    assertThat(restoration.restoreJsonSource("{\"a\":\" [\\\"Juliet\\\"]\",\"Juliet\":\"Juliet\"}"))
        .isEqualTo("{\"a\":\" [\\\"Ma\\\\\\\"ria\\\\n\\\"]\",\"Ma\\\"ria\\n\":\"Ma\\\"ria\\n\"}");
  }

  @Test
  void jsonSource_deeperThanRequestsAreRead_isTextOfTheDeepest() throws IOException {
    Restoration restoration = restoring("Juliet", "Maria");
    String source = nested(JACKSON.writer(), DEPTH_MAX + 2, "Juliet");
    assertThat(restoration.restoreJsonSource(source)).isEqualTo(source.replace("Juliet", "Maria"));
  }

  @Test
  void jsonSource_nothingToRestore_leavesAtOnceAsItCame() throws IOException {
    Restoration restoration = restoring("Quillon Farnaby", "x");
    for (String naughty : SharedCases.naughtyStrings()) {
      for (int depth = 1; depth <= DEPTH_MAX; depth++) {
        String source = nested(WRITERS.getLast(), depth, naughty);
        assertThat(restoration.restoreJsonSource(source)).isSameAs(source);
        assertThat(spoonFed(restoration.jsonSource(), source)).isEqualTo(source);
      }
      assertThat(spoonFed(restoration.jsonSource(), naughty)).isEqualTo(naughty);
    }
  }

  /** What is not JSON at all, cut at random, with surrogates in it: the same as whole. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void jsonSource_randomStrewnWithBrackets_givesTheWhole(long seed) {
    Random random = new Random(seed);
    Restoration restoration = restoring("Juliet Q", "Ma\"ria\\");
    List<String> pieces =
        List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\\"",
            "\\\\\\\"",
            "\\",
            "\\n",
            ":",
            ",",
            " ",
            "Juliet",
            " Q",
            "Juliet Q",
            "1",
            "true",
            "\\u0022",
            "\\u004a",
            "\n",
            "x");
    for (int run = 0; run < 400; run++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "{\"a\":\"[\\\"" : "");
      for (int i = random.nextInt(1, 40); i > 0; i--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      String source = text.toString();
      Rehydrator channel = restoration.jsonSource();
      StringBuilder streamed = new StringBuilder();
      for (int from = 0, to; from < source.length(); from = to) {
        to = Math.min(source.length(), from + random.nextInt(1, 9));
        streamed.append(channel.accept(source.substring(from, to)));
      }
      streamed.append(channel.finish());
      assertThat(streamed.toString()).as(source).isEqualTo(restoration.restoreJsonSource(source));
    }
  }

  /**
   * A JSON text with {@code text} in strings at its deepest, each level in a string of the next.
   */
  private static String nested(ObjectWriter writer, int depth, String text)
      throws JsonProcessingException {
    var object = JACKSON.createObjectNode().put("k\u00e9y", "<" + text + ">").put("n", 1.50);
    if (depth == 1) {
      object.put("text", text).putArray("list").add(text).add(true).addNull();
    } else {
      object.put("body", nested(writer, depth - 1, text));
      object.putArray("again").add(nested(writer, depth - 1, text)).add("after " + text);
    }
    return writer.writeValueAsString(object);
  }

  /** The text with all that is nested in it read, which fails where it is not valid. */
  private static JsonNode unnested(String source, int depth) throws JsonProcessingException {
    var object = (ObjectNode) JACKSON.readTree(source);
    if (depth > 1) {
      object.set("body", unnested(object.get("body").asText(), depth - 1));
      var again = (ArrayNode) object.get("again");
      again.set(0, unnested(again.get(0).asText(), depth - 1));
      again.set(1, TextNode.valueOf(again.get(1).asText()));
    }
    return object;
  }

  private static String spoonFed(Rehydrator channel, String text) {
    StringBuilder restored = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      restored.append(channel.accept(text.substring(i, i + 1)));
    }
    return restored.append(channel.finish()).toString();
  }
}
