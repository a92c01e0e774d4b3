package io.mantle.privacy.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Recorded traffic in which nothing is private: it must pass as it is. */
class RecordedExchangesTest {
  /** The types that the default policy leaves alone. */
  private static final Set<EntityType> ALLOWED =
      EnumSet.of(EntityType.LOCATION, EntityType.ORG, EntityType.DATE, EntityType.URL);

  private static final Path EXCHANGES =
      Path.of(System.getProperty("mantle.root", "."), "../shared/cases/openai-exchanges.json");

  @Test
  void detect_recordedExchanges_findsNothingPrivate() throws IOException {
    assumeTrue(Files.exists(EXCHANGES), "the recorded exchanges are not on this machine");
    Detector detector = Detectors.standard();
    List<String> strings = new ArrayList<>();
    for (String top : strings(Files.readString(EXCHANGES))) {
      strings.add(top);
      if (top.startsWith("{")) {
        strings.addAll(strings(top));
      }
      top.lines()
          .filter(line -> line.startsWith("data: {"))
          .forEach(line -> strings.addAll(strings(line.substring("data: ".length()))));
    }
    assertThat(strings).hasSizeGreaterThan(100);
    for (String string : strings) {
      List<Span> found =
          detector.detect(new Plaintext(string)).stream()
              .filter(span -> !ALLOWED.contains(span.type()))
              .toList();
      assertThat(found)
          .as(
              () ->
                  found.stream().map(s -> string.substring(s.start(), s.end())).toList().toString())
          .isEmpty();
    }
  }

  /** Every string and every key, and what is inside those that are JSON themselves. */
  private static List<String> strings(String json) {
    List<String> strings = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME || token.isNumeric()) {
          strings.add(parser.getText());
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return strings;
  }
}
