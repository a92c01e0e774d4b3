package io.mantle.privacy.json;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The hard inputs that stand beside the project and are not part of it. Where they are absent, as
 * in a plain clone, the test that asks for them is skipped.
 */
public final class SharedCases {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SharedCases() {}

  /** A text for a JSON reader; {@code expect} is accept, reject or either. */
  public record JsonCase(String name, String expect, String base64) {
    public byte[] text() {
      return Base64.getDecoder().decode(base64);
    }
  }

  /** The texts of {@code json-parsing.jsonl}. */
  public static List<JsonCase> jsonParsing() throws IOException {
    List<JsonCase> cases = new ArrayList<>();
    for (String line : Files.readAllLines(file("json-parsing.jsonl"))) {
      Map<String, String> fields = JSON.readValue(line, new TypeReference<>() {});
      cases.add(
          new JsonCase(
              fields.getOrDefault("name", ""),
              fields.getOrDefault("expect", ""),
              fields.getOrDefault("base64", "")));
    }
    return cases;
  }

  /** The strings of {@code naughty-strings.json}. */
  public static List<String> naughtyStrings() throws IOException {
    return JSON.readValue(
        Files.readAllBytes(file("naughty-strings.json")), new TypeReference<>() {});
  }

  private static Path file(String name) {
    Path root = Path.of(System.getProperty("mantle.root", ""));
    Path file = root.toAbsolutePath().resolve("../shared/cases").resolve(name).normalize();
    assumeTrue(Files.exists(file), "../shared/cases/" + name + " is not here");
    return file;
  }
}
