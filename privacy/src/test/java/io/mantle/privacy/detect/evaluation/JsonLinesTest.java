package io.mantle.privacy.detect.evaluation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLinesTest {

  @Test
  void next_linesWithAndWithoutMarks_areRead() throws IOException {
    JsonLines lines =
        lines(
            "\ufeff{\"id\":\"a\\\"b\",\"text\":\"\ud83d\ude00 Bo\",\"x\":[{}],\"spans\":"
                + "[{\"start\":2,\"end\":4,\"type\":\"PERSON\",\"score\":0.5}]}\r\n"
                + "\n{\"id\":7,\"text\":\"\",\"annotated\":[\"ORG\"]}");
    assertThat(lines.next())
        .isEqualTo(
            new LabelledDocument(
                "\"a\\\"b\"",
                "\ud83d\ude00 Bo",
                List.of(new Mark(2, 4, "PERSON")),
                Optional.empty()));
    assertThat(lines.next())
        .isEqualTo(new LabelledDocument("7", "", List.of(), Optional.of(Set.of("ORG"))));
    assertThat(lines.next()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"id\":\"1\"} | line 2: \"text\" is missing",
        "{\"text\":\"x\"} | line 2: \"id\" is missing",
        "{\"id\":\"1\",\"text\":7} | line 2: \"text\" is no string",
        "[1] | line 2: not a JSON object",
        "{\"id\":\"1\",\"text\":\"x | line 2: not JSON",
        "{\"id\":\"1\",\"text\":\"x\"} {} | line 2: more than one JSON object",
        "{\"id\":\"1\",\"text\":\"x\",\"spans\":[{\"start\":0,\"end\":2,\"type\":\"ORG\"}]}"
            + " | line 2: a span does not lie within the text",
        "{\"id\":\"1\",\"text\":\"x\",\"spans\":[{\"start\":0,\"end\":1}]} | line 2: a span has no type",
        "{\"id\":\"1\",\"text\":\"x\",\"spans\":7} | line 2: \"spans\" is no array",
      })
  void next_badLine_isNamedByNumber(String line, String message) throws IOException {
    JsonLines lines = lines("{\"id\":\"0\",\"text\":\"ok\"}\n" + line + "\n");
    assertThat(lines.next()).isNotNull();
    assertThatThrownBy(lines::next)
        .isInstanceOf(BadLineException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void next_bytesThatAreNotUtf8_areRefused() {
    JsonLines lines =
        new JsonLines(
            new ByteArrayInputStream("{\"id\":\"1\",\"text\":\"\u00e9\"}".getBytes(ISO_8859_1)));
    assertThatThrownBy(lines::next).hasMessage("line 1: not UTF-8");
  }

  private static JsonLines lines(String text) {
    return new JsonLines(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }
}
