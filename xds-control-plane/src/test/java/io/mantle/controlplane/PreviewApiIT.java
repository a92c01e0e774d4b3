package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a policy makes of a text, over the admin API. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PreviewApiIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PATH = "/api/v1/privacy/preview";
  private static final String EMAIL = "maria.garcia@acme-mail.com";

  private TestPostgres postgres;
  private RunningControlPlane running;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.create();
    running =
        RunningControlPlane.start(directory, Map.of("MANTLE_DATABASE_URL", postgres.urlText()));
    postgres.execute("INSERT INTO tenant (id, name) VALUES ('acme', 'Acme'), ('other', 'Other')");
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @BeforeEach
  void forget() throws Exception {
    postgres.execute("DELETE FROM privacy_policy");
  }

  @Test
  void preview_underTheDefaultPolicy_hasCodePointSpansAndTheMaskedText() throws Exception {
    String before = "\uD83D\uDE00 Write to ";
    JsonNode preview = preview(before + EMAIL + ", please.", null);

    JsonNode span = span(preview, "EMAIL");
    int start = before.codePointCount(0, before.length());
    assertThat(span.path("start").asInt()).isEqualTo(start);
    assertThat(span.path("end").asInt()).isEqualTo(start + EMAIL.length());
    assertThat(span.path("score").asDouble()).isGreaterThan(0).isLessThanOrEqualTo(1);
    assertThat(span.path("action").asText()).isEqualTo("substitute");
    assertThat(span.path("replacement").asText()).isNotEmpty().isNotEqualTo(EMAIL);
    assertThat(preview.path("masked_text").asText())
        .isEqualTo(before + span.path("replacement").asText() + ", please.");
    assertThat(preview.path("mode").asText()).isEqualTo("enforce");
  }

  @Test
  void preview_ofTheSameTextAgain_hasOtherSurrogates() throws Exception {
    assertThat(preview("Write to " + EMAIL, null).path("masked_text"))
        .isNotEqualTo(preview("Write to " + EMAIL, null).path("masked_text"));
  }

  @Test
  void preview_ofWhatThePolicyAllows_showsItAndLeavesIt() throws Exception {
    policy("{\"actions\": {\"EMAIL\": \"allow\"}}");
    JsonNode preview = preview("Write to " + EMAIL, "acme");

    assertThat(span(preview, "EMAIL").path("action").asText()).isEqualTo("allow");
    assertThat(span(preview, "EMAIL").path("replacement").isNull()).isTrue();
    assertThat(preview.path("masked_text").asText()).isEqualTo("Write to " + EMAIL);
  }

  @Test
  void preview_byATenantsOwnRules_followsThem() throws Exception {
    policy("{\"deny\": [{\"phrase\": \"Project Falcon\", \"type\": \"ORG\"}]}");
    String text = "Talk about Project Falcon with " + EMAIL;
    JsonNode preview = preview(text, "acme");

    assertThat(span(preview, "ORG").path("action").asText()).isEqualTo("substitute");
    assertThat(preview.path("masked_text").asText()).doesNotContain("Falcon").doesNotContain(EMAIL);
    assertThat(preview(text, "other").path("masked_text").asText()).contains("Project Falcon");
  }

  @Test
  void preview_ofWhatIsBlocked_hasNoMaskedText() throws Exception {
    policy("{\"actions\": {\"EMAIL\": \"block\"}}");
    JsonNode preview = preview("Write to " + EMAIL, "acme");

    assertThat(span(preview, "EMAIL").path("action").asText()).isEqualTo("block");
    assertThat(preview.path("masked_text").isNull()).isTrue();
  }

  @Test
  void preview_ofATenantThatIsNotThere_isNotFound() throws Exception {
    assertThat(ask("x", "nowhere", RunningControlPlane.TOKEN).statusCode()).isEqualTo(404);
    assertThat(ask("x", "../acme", RunningControlPlane.TOKEN).statusCode()).isEqualTo(404);
  }

  @Test
  void preview_byAMachineOfAnotherTenant_isNotFoundAndByItsOwnAllowed() throws Exception {
    String machine =
        JSON.readTree(
                running
                    .post("/api/v1/tenants/acme/tokens", "{\"name\":\"ci\",\"role\":\"auditor\"}")
                    .body())
            .path("token")
            .asText();

    assertThat(ask("x", "acme", machine).statusCode()).isEqualTo(200);
    HttpResponse<String> strange = ask("x", "other", machine);
    assertThat(strange.statusCode()).isEqualTo(404);
    assertThat(strange.body()).isEqualTo(ask("x", "nowhere", machine).body());
    assertThat(ask("x", null, "").statusCode()).isEqualTo(401);
  }

  @Test
  void preview_ofATextThatIsTooLongOrNone_isRefusedByItsField() throws Exception {
    for (String text : new String[] {"", "a".repeat(20_001), "half \\ud83d"}) {
      HttpResponse<String> answer = running.post(PATH, "{\"text\": \"" + text + "\"}");
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
      assertThat(JSON.readTree(answer.body()).path("field").asText()).isEqualTo("text");
    }
    assertThat(ask("a ".repeat(10_000), null, RunningControlPlane.TOKEN).statusCode())
        .isEqualTo(200);
  }

  @Test
  void preview_ofAText_leavesNothingOfItInLogsMetricsOrRows() throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    try {
      HttpResponse<String> answer =
          running.ask(
              "POST",
              PATH,
              RunningControlPlane.TOKEN,
              body("Xylophagous " + EMAIL, "acme"),
              "Idempotency-Key",
              "preview-1");
      running.post(PATH, "{\"text\": \"Xylophagous " + EMAIL + "\", \"Xylophagous\": 1");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
    } finally {
      root.detachAppender(log);
    }

    List<String> traces = new ArrayList<>();
    log.list.forEach(event -> traces.add(event.getFormattedMessage()));
    traces.add(running.getWithoutToken("/metrics").body());
    traces.add(running.get("/api/v1/tenants/acme/audit").body());
    assertThat(traces).allSatisfy(trace -> assertThat(trace).doesNotContain("Xylophagous", EMAIL));
    assertThat(postgres.query("SELECT tenant_id FROM idempotency_key")).isEmpty();
  }

  private void policy(String policy) throws Exception {
    HttpResponse<String> put = running.put("/api/v1/tenants/acme/privacy", policy);
    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
  }

  private JsonNode preview(String text, @Nullable String tenant) throws Exception {
    HttpResponse<String> answer = ask(text, tenant, RunningControlPlane.TOKEN);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private HttpResponse<String> ask(String text, @Nullable String tenant, String token)
      throws Exception {
    return running.ask("POST", PATH, token, body(text, tenant));
  }

  private static String body(String text, @Nullable String tenant) {
    ObjectNode body = JSON.createObjectNode().put("text", text);
    if (tenant != null) {
      body.put("tenant", tenant);
    }
    return body.toString();
  }

  private static JsonNode span(JsonNode preview, String type) {
    for (JsonNode span : preview.path("spans")) {
      if (span.path("type").asText().equals(type)) {
        return span;
      }
    }
    throw new AssertionError("no " + type + " in " + preview);
  }
}
