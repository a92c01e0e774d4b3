package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mantle.controlplane.ControlPlane;
import io.mantle.controlplane.Settings;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The admin API asked by schemathesis, which makes requests from {@code /openapi.json}, right ones
 * and wrong ones, with a seed: no error of the server, and no status, type, header or field that
 * the document does not have. Skipped where schemathesis cannot be installed.
 */
final class SchemathesisIT {
  private static final PythonVenv SCHEMATHESIS =
      new PythonVenv(
          "schemathesis (about 30 MB, once)", "schemathesis", "schemathesis-requirements.txt");
  private static final String TOKEN = "a-token-for-tests-0123456789";
  private static final int ASKING_SECONDS_MAX = 30;
  private static final int RUN_SECONDS_MAX = 240;

  @Test
  void adminApi_askedFromItsDocument_answersAsDocumented(@TempDir Path directory) throws Exception {
    Optional<Path> python =
        SCHEMATHESIS.locate(ProjectRoot.path().resolve(".mantle"), Progress.to(System.err));
    assumeTrue(python.isPresent(), "schemathesis could not be installed");
    Files.writeString(directory.resolve("token"), TOKEN);
    try (InputStream settings = SchemathesisIT.class.getResourceAsStream("schemathesis.toml")) {
      Files.write(
          directory.resolve("schemathesis.toml"), Objects.requireNonNull(settings).readAllBytes());
    }
    Path said = directory.resolve("said");
    try (ControlPlane controlPlane = controlPlane(directory)) {
      String url = "http://127.0.0.1:" + controlPlane.adminPort();
      create(url, "acme");
      create(url, "doomed");

      ProcessBuilder run =
          new ProcessBuilder(
              python.get().resolveSibling("schemathesis").toString(),
              "run",
              url + "/openapi.json",
              "--exclude-path-regex=^/v1/", // Envoy's
              "--phases=coverage,fuzzing",
              "--max-examples=3",
              "--max-time=" + ASKING_SECONDS_MAX,
              "--seed=1",
              "--workers=1", // Python 3.11 cannot parse in two threads at once, and hypothesis does
              "--continue-on-failure",
              "--no-shrink",
              "--warnings=off",
              // Of what is generated for a day of some centuries it throws much away.
              "--suppress-health-check=filter_too_much",
              "--no-color",
              "--checks="
                  + String.join(
                      ",",
                      "not_a_server_error",
                      "status_code_conformance",
                      "content_type_conformance",
                      "response_headers_conformance",
                      "response_schema_conformance",
                      "negative_data_rejection",
                      "unsupported_method",
                      "ignored_auth"));
      Map<String, String> environment = run.environment();
      environment.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
      environment.put("MANTLE_TOKEN", TOKEN);
      Process process =
          run.directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      try {
        assertThat(process.waitFor(RUN_SECONDS_MAX, TimeUnit.SECONDS)).as("it ended").isTrue();
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    }
    List<String> lines = Files.readAllLines(said);
    assertThat(lines).anyMatch(line -> line.contains(" generated, "));
    lines.stream().filter(line -> line.contains(" generated, ")).forEach(System.out::println);
  }

  private static ControlPlane controlPlane(Path directory) throws Exception {
    return ControlPlane.start(
        Settings.of(
            Map.of(
                "MANTLE_DATA_DIR", directory.resolve("data").toString(),
                "MANTLE_ADMIN_LISTEN", "127.0.0.1:0",
                "MANTLE_XDS_LISTEN", "127.0.0.1:0",
                "MANTLE_SIGNUP", "on",
                "MANTLE_ADMIN_TOKEN_FILE", directory.resolve("token").toString())));
  }

  private static void create(String url, String tenant) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url + "/api/v1/tenants"))
              .header("Authorization", "Bearer " + TOKEN)
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"id\":\"%1$s\",\"name\":\"%1$s\"}".formatted(tenant)))
              .build();
      HttpResponse<Void> made = client.send(request, HttpResponse.BodyHandlers.discarding());
      assertThat(made.statusCode()).isEqualTo(201);
    }
  }
}
