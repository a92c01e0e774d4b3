package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page at the root of the admin port, and what browsers are told with every answer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsoleIT {
  private static final Pattern LOADED = Pattern.compile("(?:src|href)=\"([^\"]*)\"");
  private static final Pattern USED_ID = Pattern.compile("byId\\(\"([^\"]+)\"\\)");
  private static final Pattern INLINE =
      Pattern.compile("<style|<script(?![^>]*\\ssrc=)|\\sstyle=|\\son[a-z]+=|javascript:");

  private RunningControlPlane running;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    running =
        RunningControlPlane.start(
            directory, Map.of("MANTLE_DATABASE_URL", TestPostgres.create().urlText()));
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html",
    "/console.css, text/css",
    "/console.js, text/javascript",
    "/docs, text/html",
    "/docs.css, text/css",
    "/docs.js, text/javascript"
  })
  void file_ofThePage_needsNoTokenAndLoadsNothingFromElsewhere(String path, String type)
      throws Exception {
    HttpResponse<String> file = running.getWithoutToken(path);

    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.headers().firstValue("content-type"))
        .hasValueSatisfying(sent -> assertThat(sent).startsWith(type).endsWith("charset=utf-8"));
    assertThat(file.body()).doesNotContain("://").doesNotContain("@import", "url(", "eval(");
  }

  @ParameterizedTest
  @CsvSource({"/, /console.js, /console.css", "/docs, /docs.js, /docs.css"})
  void page_hasNothingInlineAndAllThatItLoads(String path, String script, String style)
      throws Exception {
    String page = running.getWithoutToken(path).body();

    assertThat(INLINE.matcher(page).find()).isFalse();
    Set<String> loaded = all(LOADED, page);
    assertThat(loaded).contains(script, style);
    for (String file : loaded) {
      assertThat(running.getWithoutToken(file).statusCode()).as(file).isEqualTo(200);
    }
    Set<String> used = all(USED_ID, running.getWithoutToken(script).body());
    assertThat(used).isNotEmpty().allSatisfy(id -> assertThat(page).contains("id=\"" + id + "\""));
  }

  @Test
  void document_isServedAsJsonOfTheVersionItIsWrittenIn() throws Exception {
    HttpResponse<String> document = running.getWithoutToken("/openapi.json");

    assertThat(document.headers().firstValue("content-type")).hasValue("application/json");
    JsonNode json = new ObjectMapper().readTree(document.body());
    assertThat(json.path("openapi").asText()).isEqualTo("3.1.0");
    assertThat(json.path("paths").size()).isEqualTo(OpenApi.CONTRACT.verbsByPath().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/console.js", "/docs.js"})
  void script_keepsNothingBeyondThePage(String script) throws Exception {
    assertThat(running.getWithoutToken(script).body())
        .doesNotContain("localStorage", "sessionStorage", "cookie", "indexedDB", "innerHTML");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/console.js",
        "/health",
        "/metrics",
        "/docs",
        "/openapi.json",
        "/nowhere",
        "/a%2Fb%00",
        "/api/v1/tenants",
        "/api/v1/nowhere"
      })
  void answer_ofThePort_tellsBrowsersWhatTheyMay(String path) throws Exception {
    HttpResponse<String> answer = running.getWithoutToken(path);

    assertThat(answer.headers().firstValue("content-security-policy"))
        .hasValueSatisfying(
            policy ->
                assertThat(policy)
                    .contains("default-src 'self';", "frame-ancestors 'none'")
                    .doesNotContain("unsafe", "*", "data:"));
    assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("referrer-policy")).hasValue("no-referrer");
    assertThat(answer.headers().firstValue("cache-control"))
        .hasValueSatisfying(value -> assertThat(value).startsWith("no-"));
    assertThat(answer.headers().firstValue("strict-transport-security")).isEmpty();
    assertThat(answer.headers().firstValue("set-cookie")).isEmpty();
  }

  @Test
  void page_askedByAnotherMethod_saysWhichThereAre() throws Exception {
    HttpResponse<String> refused = running.ask("POST", "/health", "", "{}");

    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.headers().firstValue("allow")).hasValue("GET, HEAD");
    assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
  }

  private static Set<String> all(Pattern pattern, String text) {
    Set<String> all = new HashSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      all.add(matcher.group(1));
    }
    return all;
  }
}
