package io.mantle.gateway;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The hard inputs that stand beside the project and are not part of it. Where they are absent, as
 * in a plain clone, the tests that ask for them are skipped, by {@link NeedsSharedCases}.
 */
final class SharedCases {

  private static final Path FOLDER = Folders.root().resolve("../shared/cases").normalize();

  private SharedCases() {}

  /** A text for a JSON reader; {@code expect} is accept, reject or either. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record JsonCase(String name, String expect, byte[] text) {
    @Override
    public String toString() {
      return expect + " " + name;
    }
  }

  /** A recorded exchange with a provider. */
  record Recorded(
      String name, String path, String request, int status, String type, String response) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<JsonCase> jsonParsing() throws IOException {
    List<JsonCase> cases = new ArrayList<>();
    for (String line : Files.readAllLines(file("json-parsing.jsonl"))) {
      Map<String, String> fields = Chat.JSON.readValue(line, new TypeReference<>() {});
      cases.add(
          new JsonCase(
              fields.getOrDefault("name", ""),
              fields.getOrDefault("expect", ""),
              Base64.getDecoder().decode(fields.getOrDefault("base64", ""))));
    }
    return cases;
  }

  /** Recorded exchanges with nothing to mask, of all of OpenAI's endpoints. */
  static List<Recorded> exchanges() throws IOException {
    List<Recorded> exchanges = new ArrayList<>();
    for (var recorded : Chat.JSON.readTree(file("openai-exchanges.json").toFile())) {
      exchanges.add(
          new Recorded(
              recorded.path("name").asText(),
              recorded.path("path").asText(),
              recorded.path("req_body").asText(),
              recorded.path("status").asInt(),
              recorded.path("resp_type").asText(),
              recorded.path("resp_body").asText()));
    }
    return exchanges;
  }

  /** Strings that break the handling of text. */
  static List<String> naughtyStrings() throws IOException {
    return Chat.JSON.readValue(file("naughty-strings.json").toFile(), new TypeReference<>() {});
  }

  /** Whether they are here; a condition of the tests that need them. */
  static boolean areHere() {
    return Files.isDirectory(FOLDER);
  }

  private static Path file(String name) {
    return FOLDER.resolve(name);
  }
}
