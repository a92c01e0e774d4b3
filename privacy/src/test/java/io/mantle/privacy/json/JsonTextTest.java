package io.mantle.privacy.json;

import static com.fasterxml.jackson.core.json.JsonWriteFeature.ESCAPE_NON_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTextTest {
  private static final ObjectMapper JACKSON = new ObjectMapper();

  @Test
  void bodyOffset_ofPlainText_isOneByteACharacter() throws MalformedJsonException {
    assertThat(offsets("[\"ab\"]")).containsExactly(2, 3, 4);
    assertThat(offsets("[\"\"]")).containsExactly(2);
  }

  @Test
  void bodyOffset_ofEscapes_isWhereTheEscapeBegins() throws MalformedJsonException {
    assertThat(offsets("[\"a\\n\\u00e9\\\"b\"]")).containsExactly(2, 3, 5, 11, 13, 14);
  }

  @Test
  void bodyOffset_ofTwoThreeAndFourBytes_isWhereTheCharacterBegins() throws MalformedJsonException {
    // both halves of a character outside of the BMP stand where it stands
    assertThat(offsets("[\"\u00e9\u4e2d\ud83d\ude00x\"]")).containsExactly(2, 4, 7, 7, 11, 12);
  }

  @Test
  void bodyOffset_ofEscapedPairsAndHalves_isWhereEachBegins() throws MalformedJsonException {
    assertThat(offsets("[\"\\ud83d\\ude00x\"]")).containsExactly(2, 8, 14, 15);
    assertThat(offsets("[\"\\ude00\\ud83dx\"]")).containsExactly(2, 8, 14, 15);
    assertThat(text("[\"\\ude00\\ud83dx\"]").value()).isEqualTo("\ude00\ud83dx");
  }

  @Test
  void bodyOffset_outsideOfTheText_isRefused() throws MalformedJsonException {
    for (String body : List.of("[\"ab\",\"cd\"]", "[\"\u00e9b\",\"cd\"]", "[12,34]")) {
      JsonText text = text(body);
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> text.bodyOffset(3));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> text.bodyOffset(-1));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> text.edit(1, 3, ""));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> text.edit(2, 1, ""));
    }
  }

  @Test
  void edit_thatSplitsACharacter_takesItWhole() throws Exception {
    for (String emoji : List.of("\ud83d\ude00", "\\ud83d\\ude00")) {
      String body = "[\"a" + emoji + "b\"]";
      assertThat(edited(body, 0, 2, "X")).isEqualTo("[\"Xb\"]");
      assertThat(edited(body, 2, 4, "X")).isEqualTo("[\"aX\"]");
      assertThat(edited(body, 1, 3, "X")).isEqualTo("[\"aXb\"]");
    }
  }

  @Test
  void edit_ofANumber_isNotEscaped() throws Exception {
    assertThat(edited("[ 4111, 2]", 0, 4, "42")).isEqualTo("[ 42, 2]");
    assertThat(edited("[ -1.50e3]", 1, 5, "7.25")).isEqualTo("[ -7.25e3]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "\"",
        "\\",
        "\\\\\"",
        "\\u0041",
        "/",
        "\b\f\n\r\t",
        "\u0000\u0001\u001f",
        "\u007f\u0080\u2028\u2029\ufeff\uffff",
        "\u00e9\u4e2d\ud83d\ude00",
        "\ud800",
        "\udc00",
        "\udc00\ud800",
        "\ud800\ud800\udc00\udc00",
        "a\ud83d",
        "\ude00b",
        "{\"a\":\"b\\\"\"}",
      })
  void escape_anyText_isReadBackByBothReaders(String said) throws Exception {
    byte[] body = ("\"" + JsonText.escape(said) + "\"").getBytes(UTF_8);
    assertThat(JsonDocument.parse(body).text(0).value()).isEqualTo(said);
    assertThat(JACKSON.readValue(body, String.class)).isEqualTo(said);
  }

  @Test
  void escape_everyCharacter_isReadBack() throws Exception {
    StringBuilder every = new StringBuilder();
    for (int codePoint = 0; codePoint <= 0x20000; codePoint++) {
      if (codePoint < 0xD800 || codePoint > 0xDFFF) {
        every.appendCodePoint(codePoint);
      }
    }
    every.appendCodePoint(Character.MAX_CODE_POINT);
    byte[] body = ("\"" + JsonText.escape(every.toString()) + "\"").getBytes(UTF_8);
    assertThat(JsonDocument.parse(body).text(0).value().contentEquals(every)).isTrue();
    assertThat(JACKSON.readValue(body, String.class).contentEquals(every)).isTrue();
  }

  @Test
  void escape_nothingToEscape_isTheSameString() {
    String plain = "Gr\u00fc\u00dfe / \ud83d\ude00";
    assertThat(JsonText.escape(plain)).isSameAs(plain);
  }

  @Test
  void escape_naughtyStrings_areReadBackByBothReaders() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (String naughty : SharedCases.naughtyStrings()) {
      byte[] body = ("[\"" + JsonText.escape(naughty) + "\"]").getBytes(UTF_8);
      JsonText text = JsonDocument.parse(body).text(1);
      byte[] asciiOnly = JACKSON.writer().with(ESCAPE_NON_ASCII).writeValueAsBytes(naughty);
      if (!text.value().equals(naughty)
          || !naughty.equals(JACKSON.readValue(body, String[].class)[0])
          || !JsonDocument.parse(asciiOnly).text(0).value().equals(naughty)
          || text.bodyOffset(naughty.length()) != body.length - 2) {
        wrong.add(naughty);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void asDocument_oneTwoAndThreeDeep_knowsWhereItStandsInTheBody() throws Exception {
    String said = "\u00e9\"\\\n\ud83d\ude00";
    String body = JACKSON.writeValueAsString(List.of(said));
    for (int levels = 1; levels <= 3; levels++) {
      body = "{\"inner\" : " + JACKSON.writeValueAsString(body) + "}";
      byte[] bytes = body.getBytes(UTF_8);
      JsonDocument document = JsonDocument.parse(bytes);
      for (int level = 1; level <= levels; level++) {
        document =
            requireNonNull(document.text(document.member(document.root(), "inner")).asDocument());
      }
      JsonText text = document.text(1);
      assertThat(text.value()).isEqualTo(said);
      assertThat(text.escapes()).isEqualTo(levels + 1);
      Edits edits = new Edits();
      edits.add(text.edit(1, 2, "[\"\\\t\u4e2d]"));
      String edited = new String(edits.applyTo(bytes), UTF_8);
      for (int level = 1; level <= levels; level++) {
        edited = (String) requireNonNull(JACKSON.readValue(edited, Map.class).get("inner"));
      }
      assertThat(JACKSON.readValue(edited, String[].class))
          .containsExactly("\u00e9[\"\\\t\u4e2d]\\\n\ud83d\ude00");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "]",
        "x[]",
        "[1] and more",
        "[see below]",
        "{\"a\":1}{}",
        "\"[]\"",
        "1",
        "null",
        "[\"\ud83d\"]", // half a character has no bytes
        "\u00a0[]",
        "\ufeff[]",
      })
  void asDocument_ofProse_isNone(String said) throws MalformedJsonException {
    assertThat(text("[\"" + JsonText.escape(said) + "\"]").asDocument()).isNull();
  }

  @Test
  void asDocument_ofAHalfWrittenAsAnEscape_isOne() throws MalformedJsonException {
    JsonDocument inner = text("[\"[\\\"\\\\ud83d\\\"]\"]").asDocument();
    assertThat(requireNonNull(inner).text(1).value()).isEqualTo("\ud83d");
  }

  @Test
  void toString_saysNoText() throws MalformedJsonException {
    assertThat(text("[\"Anna\"]")).hasToString("JsonText[4 chars]");
    assertThat(text("[\"Anna\"]").edit(0, 4, "Berta")).hasToString("Edit[2, 6 -> 5 bytes]");
  }

  private static String edited(String body, int start, int end, String replacement)
      throws MalformedJsonException {
    Edits edits = new Edits();
    edits.add(text(body).edit(start, end, replacement));
    return new String(edits.applyTo(body.getBytes(UTF_8)), UTF_8);
  }

  private static JsonText text(String body) throws MalformedJsonException {
    return JsonDocument.parse(body.getBytes(UTF_8)).text(1);
  }

  private static List<Integer> offsets(String body) throws MalformedJsonException {
    JsonText text = text(body);
    List<Integer> offsets = new ArrayList<>();
    for (int i = 0; i <= text.value().length(); i++) {
      offsets.add(text.bodyOffset(i));
    }
    return offsets;
  }

  /** Whatever the two have in common, characters outside of the BMP by half too. */
  @Test
  void editTo_anyOtherText_makesItSayThat() throws Exception {
    List<String> texts =
        List.of(
            "",
            "a",
            "ab",
            "ba",
            "aba",
            "\ud83d\ude00",
            "\ud83d\ude01",
            "\ud83d\ude00a",
            "b\ud83d\ude00",
            "\ud83e\ude00",
            "a\ud83e\ude00",
            "\ud83d\ude00\ud83d\ude01",
            "a\"\\\n",
            "\\\\",
            "\ud83d\ude00/\ud83d\ude00");
    for (String from : texts) {
      for (String to : texts) {
        byte[] body = ('"' + JsonText.escape(from) + '"').getBytes(UTF_8);
        JsonDocument document = JsonDocument.parse(body);
        Edits edits = new Edits();
        edits.add(document.text(document.root()).editTo(to));
        JsonDocument edited = JsonDocument.parse(edits.applyTo(body));
        assertThat(edited.text(edited.root()).value()).as("%s to %s", from, to).isEqualTo(to);
      }
    }
  }
}
