package io.mantle.privacy.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mantle.privacy.json.SharedCases.JsonCase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonDocumentTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-0.0e-0",
        "1E+9",
        "123456789012345678901234567890.5",
        "true",
        "false",
        "null",
        "\"\"",
        "\"/\"",
        "\"\\u0000\"",
        "\"\\uD800\"", // half a character is grammatical
        "\"\\uabCD\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\u007f\u2028\u2029\uffff\"",
        "[]",
        "{}",
        " \t\n\r[ \t\n\r] \t\n\r",
        "{ }",
        "{\"\":0}",
        "{\"a\":0,\"a\":1}",
        "{ \"a\" : [ { } , [ ] , -1.5 ] }",
        "[[],{},\"\",0,true,null]",
      })
  void parse_textOfTheGrammar_accepts(String text) {
    assertThat(accepts(text.getBytes(UTF_8))).isTrue();
    assertThat(accepts(("{\"unknown\":" + text + "}").getBytes(UTF_8))).isTrue();
    assertThat(accepts(("[" + text + "," + text + "]").getBytes(UTF_8))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "+1",
        "01",
        "-",
        "-01",
        "1.",
        ".5",
        "1e",
        "1e+",
        "1.e1",
        "0x1",
        "1_0",
        "1 2",
        "\u0661", // a digit, but not one of JSON's
        "NaN",
        "Infinity",
        "-Infinity",
        "tru",
        "truee",
        "True",
        "nul",
        "'a'",
        "\"",
        "\"a",
        "\"\\\"",
        "\"\\",
        "\"\\a\"",
        "\"\\'\"",
        "\"\\u\"",
        "\"\\u12\"",
        "\"\\u123",
        "\"\\u123g\"",
        "\"\\U0041\"",
        "\"\\u\uff11\uff11\uff11\uff11\"", // wide digits
        "\"\u0000\"",
        "\"\t\"",
        "\"\n\"",
        "\"\u001f\"",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[,]",
        "[1 2]",
        "[1:2]",
        "[1}",
        "{",
        "}",
        "{]",
        "{\"a\"",
        "{\"a\"}",
        "{\"a\":",
        "{\"a\":}",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{,\"a\":1}",
        "{\"a\" 1}",
        "{\"a\",1}",
        "{\"a\"::1}",
        "{a:1}",
        "{1:1}",
        "{\"a\":1]",
        "{\"a\":1}}",
        "[]]",
        "[][]",
        "[],",
        "{}{}",
        "[1]//",
        "[1]/**/",
        "#\n[1]",
        "[1]\u0000",
        "\u00a0[1]",
        "[1]\u00a0",
        "\u000b[]",
        "[]\f",
        "\ufeff[]",
        "[\ufeff]",
      })
  void parse_textBesideTheGrammar_rejects(String text) {
    assertThat(accepts(text.getBytes(UTF_8))).isFalse();
    assertThat(accepts(("{\"unknown\":" + text + "}").getBytes(UTF_8))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7f",
        "c280",
        "dfbf",
        "e0a080",
        "ed9fbf",
        "ee8080",
        "efbfbf",
        "f0908080",
        "f48fbfbf"
      })
  void parse_utf8AtTheEdges_accepts(String hex) {
    assertThat(accepts(quoted(hex))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80", // begins with what only continues
        "bf",
        "c0af", // overlong
        "c1bf",
        "e08080",
        "e09fbf",
        "f0808080",
        "f08fbfbf",
        "eda080", // a surrogate
        "edbfbf",
        "edaf80edb080", // both halves
        "f4908080", // beyond U+10FFFF
        "f5808080",
        "f8888080",
        "fc8080808080",
        "fe",
        "ff",
        "c2", // cut off
        "e282",
        "f09f98",
        "c241",
        "e28241",
        "f09f9841",
        "e28080c0",
      })
  void parse_notUtf8_rejects(String hex) {
    assertThat(accepts(quoted(hex))).isFalse();
    byte[] cutOff = quoted(hex);
    assertThat(accepts(Arrays.copyOf(cutOff, cutOff.length - 1))).isFalse();
  }

  @Test
  void parse_utf16OrBom_rejects() {
    assertThat(accepts("[1]".getBytes(java.nio.charset.StandardCharsets.UTF_16))).isFalse();
    assertThat(accepts("[1]".getBytes(java.nio.charset.StandardCharsets.UTF_16LE))).isFalse();
    assertThat(accepts("\u00ef\u00bb\u00bf[1]".getBytes(ISO_8859_1))).isFalse();
  }

  @Test
  void parse_everyPrefixOfAText_rejectsAndSaysWhere() {
    byte[] whole = "{\"k\\u00e9y\":[-1.5e3,\"\u00e9\u4e2d\ud83d\ude00\",true,{}]}".getBytes(UTF_8);
    for (int end = 0; end < whole.length; end++) {
      byte[] prefix = Arrays.copyOf(whole, end);
      assertThatExceptionOfType(MalformedJsonException.class)
          .isThrownBy(() -> JsonDocument.parse(prefix))
          .satisfies(e -> assertThat(e.byteOffset()).isBetween(0, prefix.length));
    }
    assertThat(accepts(whole)).isTrue();
  }

  @Test
  void parse_malformed_quotesNothing() {
    assertThatExceptionOfType(MalformedJsonException.class)
        .isThrownBy(() -> parse("{\"name\":\"Anna Canary\" \"x\"}"))
        .withMessageNotContaining("Anna");
  }

  @Test
  void parse_sharedCases_doesAsExpected() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (JsonCase shared : SharedCases.jsonParsing()) {
      boolean alone = accepts(shared.text());
      boolean asValue = accepts(join("{\"unknown\":", shared.text(), "}"));
      boolean asLast = accepts(join("{\"a\":1,\"unknown\":[0,", shared.text(), "]}"));
      switch (shared.expect().toLowerCase(Locale.ROOT)) {
        case "accept" -> {
          if (!alone || !asValue || !asLast) {
            wrong.add(shared.name());
          }
        }
        case "reject" -> {
          if (alone || asValue) {
            wrong.add(shared.name());
          }
        }
        default -> {} // either: what matters is that nothing else was thrown
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void parse_sharedCasesAsUnknownField_rangeIsTheValue() throws Exception {
    for (JsonCase shared : SharedCases.jsonParsing()) {
      if (shared.expect().equals("accept")) {
        byte[] body = join("{\"unknown\":", shared.text(), "}");
        JsonDocument document = JsonDocument.parse(body);
        int value = document.member(document.root(), "unknown");
        byte[] range = Arrays.copyOfRange(body, document.bodyStart(value), document.bodyEnd(value));
        assertThat(new String(range, ISO_8859_1))
            .as(shared.name())
            .isEqualTo(trim(new String(shared.text(), ISO_8859_1)));
      }
    }
  }

  @Test
  void parse_depth_acceptsTheLimitAndNotOneMore() {
    int max = JsonTape.DEPTH_MAX;
    assertThat(accepts(("[".repeat(max) + "]".repeat(max)).getBytes(UTF_8))).isTrue();
    assertThat(accepts(("[".repeat(max + 1) + "]".repeat(max + 1)).getBytes(UTF_8))).isFalse();
    assertThat(accepts(("{\"a\":".repeat(max) + "1" + "}".repeat(max)).getBytes(UTF_8))).isTrue();
    assertThat(accepts(("{\"a\":".repeat(max + 1) + "1" + "}".repeat(max + 1)).getBytes(UTF_8)))
        .isFalse();
    assertThat(accepts("[".repeat(1_000_000).getBytes(UTF_8))).isFalse();
    // beside each other is not in each other
    assertThat(accepts(("[" + "[],".repeat(max * 3) + "[]]").getBytes(UTF_8))).isTrue();
  }

  @Test
  void parse_tokens_acceptsTheLimitAndNotOneMore() {
    int max = JsonTape.TOKENS_MAX;
    assertThat(accepts(("[" + "0,".repeat(max - 2) + "0]").getBytes(UTF_8))).isTrue();
    assertThat(accepts(("[" + "0,".repeat(max - 1) + "0]").getBytes(UTF_8))).isFalse();
  }

  @Test
  void tokens_ofAText_haveKindsRangesAndFollowers() throws MalformedJsonException {
    String text = " {\"a\" : [1, \"\u00e9\", {}], \"b\":null}\n";
    JsonDocument document = parse(text);
    List<String> tokens = new ArrayList<>();
    for (int token = 0; token < document.size(); token++) {
      tokens.add(document.kind(token) + " " + document.raw(token) + " " + document.after(token));
      byte[] bytes = text.getBytes(UTF_8);
      int start = document.bodyStart(token);
      assertThat(new String(bytes, start, document.bodyEnd(token) - start, UTF_8))
          .isEqualTo(document.raw(token));
    }
    assertThat(tokens)
        .containsExactly(
            "OBJECT {\"a\" : [1, \"\u00e9\", {}], \"b\":null} 8",
            "KEY \"a\" 2",
            "ARRAY [1, \"\u00e9\", {}] 6",
            "NUMBER 1 4",
            "STRING \"\u00e9\" 5",
            "OBJECT {} 6",
            "KEY \"b\" 7",
            "NULL null 8");
    assertThat(document.firstChild(5)).isEqualTo(document.after(5));
  }

  @Test
  void member_duplicateAndEscapedKeys_isTheLast() throws MalformedJsonException {
    JsonDocument document =
        parse("{\"model\":1,\"x\":{\"model\":2},\"mo\\u0064el\":3,\"Model\":4,\"model \":5}");
    assertThat(document.raw(document.member(0, "model"))).isEqualTo("3");
    assertThat(document.count(0, "model")).isEqualTo(2);
    assertThat(document.count(0, "mode")).isZero();
    assertThat(document.member(0, "mode")).isEqualTo(-1);
    assertThat(document.member(0, "")).isEqualTo(-1);
  }

  @Test
  void member_ofWhatIsNoObject_isNone() throws MalformedJsonException {
    JsonDocument array = parse("[\"model\",\"model\",1]");
    JsonDocument string = parse("\"model\"");
    JsonDocument empty = parse("{}");
    for (JsonDocument document : List.of(array, string, empty)) {
      assertThat(document.member(0, "model")).isEqualTo(-1);
      assertThat(document.count(0, "model")).isZero();
    }
  }

  @Test
  void says_escapedOrNot_comparesWhatIsSaid() throws MalformedJsonException {
    JsonDocument document =
        parse("[\"user\",\"\\u0075ser\",\"User\",\"use\",\"users\",\"\\\\user\",1,{\"user\":0}]");
    List<Boolean> says = new ArrayList<>();
    for (int token = 1; token < document.size(); token++) {
      says.add(document.says(token, "user"));
    }
    // neither the number, the object, its key nor the key's value is a string
    assertThat(says)
        .containsExactly(true, true, false, false, false, false, false, false, false, false);
    assertThat(document.says(-1, "user")).isFalse();
  }

  @Test
  void pathOf_everyToken_isAsTheFieldWritesIt() throws MalformedJsonException {
    JsonDocument document =
        parse("{\"messages\":[{},[],{\"x\":0,\"cont\\u0065nt\":[{\"text\":\"t\"}]}],\"n\":1}");
    List<String> paths = new ArrayList<>();
    for (int token = 0; token < document.size(); token++) {
      paths.add(document.kind(token) + " " + document.pathOf(token, _ -> true));
    }
    assertThat(paths)
        .containsExactly(
            "OBJECT ",
            "KEY messages",
            "ARRAY messages",
            "OBJECT messages[0]",
            "ARRAY messages[1]",
            "OBJECT messages[2]",
            "KEY messages[2].x",
            "NUMBER messages[2].x",
            "KEY messages[2].content",
            "ARRAY messages[2].content",
            "OBJECT messages[2].content[0]",
            "KEY messages[2].content[0].text",
            "STRING messages[2].content[0].text",
            "KEY n",
            "NUMBER n");
  }

  @Test
  void pathOf_arraysAndScalarsAtTheRoot_isTheIndex() throws MalformedJsonException {
    JsonDocument document = parse("[[1,[2]],3]");
    assertThat(document.pathOf(4, _ -> true)).isEqualTo("[0][1][0]");
    assertThat(document.pathOf(5, _ -> true)).isEqualTo("[1]");
    assertThat(parse("1").pathOf(0, _ -> true)).isEmpty();
  }

  @Test
  void text_ofWhatHasNone_isRefused() throws MalformedJsonException {
    JsonDocument document = parse("[{},true,null]");
    for (int token = 0; token < document.size(); token++) {
      int textless = token;
      assertThatIllegalArgumentException().isThrownBy(() -> document.text(textless));
    }
  }

  private static JsonDocument parse(String text) throws MalformedJsonException {
    return JsonDocument.parse(text.getBytes(UTF_8));
  }

  private static boolean accepts(byte[] text) {
    try {
      JsonDocument.parse(text);
      return true;
    } catch (MalformedJsonException e) {
      return false;
    }
  }

  private static byte[] quoted(String hex) {
    return join("\"", HexFormat.of().parseHex(hex), "\"");
  }

  private static byte[] join(String before, byte[] text, String after) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.writeBytes(before.getBytes(UTF_8));
    joined.writeBytes(text);
    joined.writeBytes(after.getBytes(UTF_8));
    return joined.toByteArray();
  }

  /** Without the white space of JSON, which is not all that Java calls so. */
  private static String trim(String text) {
    return text.replaceAll("^[ \t\n\r]+|[ \t\n\r]+$", "");
  }
}
