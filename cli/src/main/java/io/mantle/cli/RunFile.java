package io.mantle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code run.json}: where a ready run listens, and the keys to it. The file is readable by this
 * user only; a value of this type prints without its keys.
 *
 * @param baseUrl ends in {@code /v1}, for an OpenAI client
 * @param anthropicBaseUrl without {@code /v1}, which an Anthropic client appends itself
 * @param extprocAdminUrl the ext_proc server's health and metrics
 * @param pids by the name of the process
 */
record RunFile(
    String baseUrl,
    String anthropicBaseUrl,
    String adminUrl,
    String apiKey,
    String adminToken,
    String envoyAdminUrl,
    String extprocAdminUrl,
    Map<String, Long> pids) {
  private static final ObjectMapper JSON = new ObjectMapper();

  RunFile {
    pids = Map.copyOf(pids);
  }

  void write(Path file) throws IOException {
    ObjectNode root =
        JSON.createObjectNode()
            .put("base_url", baseUrl)
            .put("anthropic_base_url", anthropicBaseUrl)
            .put("admin_url", adminUrl)
            .put("api_key", apiKey)
            .put("admin_token", adminToken)
            .put("envoy_admin_url", envoyAdminUrl)
            .put("extproc_admin_url", extprocAdminUrl);
    ObjectNode numbers = root.putObject("pids");
    new TreeMap<>(pids).forEach(numbers::put);
    PrivateFiles.write(file, root.toPrettyString() + "\n");
  }

  /** Empty when there is no such file, or it is not whole. */
  static Optional<RunFile> read(Path file) {
    try {
      JsonNode root = JSON.readTree(Files.readString(file));
      Map<String, Long> pids = new TreeMap<>();
      root.path("pids")
          .properties()
          .forEach(pid -> pids.put(pid.getKey(), pid.getValue().asLong()));
      return Optional.of(
          new RunFile(
              root.required("base_url").asText(),
              root.required("anthropic_base_url").asText(),
              root.required("admin_url").asText(),
              root.required("api_key").asText(),
              root.required("admin_token").asText(),
              root.required("envoy_admin_url").asText(),
              root.required("extproc_admin_url").asText(),
              pids));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "RunFile[" + baseUrl + ", " + adminUrl + ", " + pids + "]";
  }
}
