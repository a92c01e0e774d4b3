package io.mantle.extproc.scripted;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Inputs that stand beside the project and are not part of it. A test that wants them is skipped,
 * and says so, where they are absent.
 */
public final class SharedCases {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SharedCases() {}

  /** A recorded exchange. */
  public record Recorded(
      String name, String path, String request, int status, String contentType, String response) {

    public boolean isStreamed() {
      return contentType.startsWith("text/event-stream");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  public static List<Recorded> recorded() throws IOException {
    List<Recorded> recorded = new ArrayList<>();
    for (JsonNode exchange : JSON.readTree(file("openai-exchanges.json").toFile())) {
      recorded.add(
          new Recorded(
              exchange.get("name").asText(),
              exchange.get("path").asText(),
              exchange.get("req_body").asText(),
              exchange.get("status").asInt(),
              exchange.get("resp_type").asText(),
              exchange.get("resp_body").asText()));
    }
    return recorded;
  }

  /**
   * A text that a JSON parser must accept, must reject, or may do either.
   *
   * @param expect {@code accept}, {@code reject} or {@code either}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record JsonCase(String name, String expect, byte[] bytes) {
    @Override
    public String toString() {
      return name;
    }
  }

  public static List<JsonCase> jsonCases() throws IOException {
    List<JsonCase> cases = new ArrayList<>();
    for (String line : Files.readAllLines(file("json-parsing.jsonl"))) {
      JsonNode node = JSON.readTree(line);
      cases.add(
          new JsonCase(
              node.get("name").asText(),
              node.get("expect").asText(),
              Base64.getDecoder().decode(node.get("base64").asText())));
    }
    return cases;
  }

  public static List<String> naughtyStrings() throws IOException {
    List<String> strings = new ArrayList<>();
    JSON.readTree(file("naughty-strings.json").toFile()).forEach(s -> strings.add(s.asText()));
    return strings;
  }

  private static Path file(String name) {
    Path file = Path.of(System.getProperty("mantle.root", ".")).resolve("../shared/cases/" + name);
    assumeTrue(Files.exists(file), name + " is not on this machine");
    return file;
  }
}
