package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a tenant's exchanges came to, over the admin API, on a real Postgres. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UsageApiIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String USAGE = "/api/v1/tenants/acme/usage";

  private RunningControlPlane running;
  private String provider;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    TestPostgres postgres = TestPostgres.create();
    running =
        RunningControlPlane.start(
            directory,
            Map.of(
                "MANTLE_DATABASE_URL",
                postgres.urlText(),
                "MANTLE_USAGE_RETENTION_MONTHS",
                "1200"));
    running.post("/api/v1/tenants", "{\"id\":\"acme\",\"name\":\"Acme\"}");
    running.post("/api/v1/tenants", "{\"id\":\"other\",\"name\":\"Other\"}");
    provider =
        JSON.readTree(
                running
                    .post(
                        "/api/v1/tenants/acme/providers",
                        "{\"name\":\"main\",\"base_url\":\"https://api.example.com\"}")
                    .body())
            .path("id")
            .asText();
    // A hundred on one day, of 1 to 100 ms; one refused on the next; one of another tenant.
    String insert =
        "INSERT INTO usage (id, tenant_id, key_id, provider_id, model, endpoint, started_at,"
            + " duration_millis, first_byte_millis, streamed, status, outcome, prompt_tokens,"
            + " completion_tokens, cached_tokens, tokens_estimated, request_bytes, response_bytes,"
            + " attempts, entities, policy_version, node_id) ";
    postgres.execute(
        insert
            + "SELECT gen_random_uuid(), 'acme', 'k', '"
            + provider
            + "', 'gpt-' || n % 2, '/v1/chat/completions', '2026-03-01T12:00:00Z'::timestamptz, n,"
            + " n / 2, false, 200, 'COMPLETED', 10, 5, 4, n > 90, 100, 200, 1,"
            + " '{\"EMAIL\": 2, \"PERSON\": 1}', 'v', 'n' FROM generate_series(1, 100) n");
    postgres.execute(
        insert
            + "VALUES (gen_random_uuid(), 'acme', 'k', NULL, '=1+1', '/v1/chat/completions',"
            + " '2026-03-02T00:00:00Z', 1, NULL, false, 403, 'REFUSED', NULL, NULL, NULL, false,"
            + " 7, 0, 0, '{}', 'v', 'n'), (gen_random_uuid(), 'other', 'k', NULL, 'secret-model',"
            + " '/v1/chat/completions', '2026-03-02T00:00:00Z', 1, NULL, false, 403, 'REFUSED',"
            + " NULL, NULL, NULL, false, 7, 0, 0, '{}', 'v', 'n')");
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @Test
  void usage_byDay_addsUpAndHasPercentiles() throws Exception {
    JsonNode usage = get("?from=2026-03-01&to=2026-04-01T00:00:00Z");
    assertThat(usage.path("group_by").asText()).isEqualTo("day");
    assertThat(usage.path("truncated").asBoolean()).isFalse();
    assertThat(usage.path("data")).hasSize(2);
    JsonNode first = usage.at("/data/0");
    assertThat(first.path("day").asText()).isEqualTo("2026-03-01");
    assertThat(first.path("requests").asLong()).isEqualTo(100);
    assertThat(first.path("prompt_tokens").asLong()).isEqualTo(1_000);
    assertThat(first.path("completion_tokens").asLong()).isEqualTo(500);
    assertThat(first.path("cached_tokens").asLong()).isEqualTo(400);
    assertThat(first.path("requests_with_estimated_tokens").asLong()).isEqualTo(10);
    assertThat(first.path("response_bytes").asLong()).isEqualTo(20_000);
    assertThat(first.path("entities").toString()).isEqualTo("{\"EMAIL\":200,\"PERSON\":100}");
    assertThat(first.path("latency_ms").toString()).isEqualTo("{\"p50\":50,\"p95\":95,\"p99\":99}");
    JsonNode second = usage.at("/data/1");
    assertThat(second.path("refused").asLong()).isEqualTo(1);
    assertThat(second.path("errors").asLong()).isEqualTo(1);
    assertThat(second.path("first_byte_ms").isNull()).isTrue();
  }

  @Test
  void usage_byModelProviderAndKey_isGroupedSo() throws Exception {
    String range = "?from=2026-03-01&to=2026-03-02&group_by=";
    assertThat(get(range + "model").path("data").findValuesAsText("model"))
        .containsExactly("gpt-0", "gpt-1");
    JsonNode byProvider = get(range + "provider").at("/data/0");
    assertThat(byProvider.path("provider").asText()).isEqualTo(provider);
    assertThat(byProvider.path("name").asText()).isEqualTo("main");
    assertThat(get(range + "key").at("/data/0/key").asText()).isEqualTo("k");
  }

  @Test
  void usage_asCsv_hasOneLineAGroup_andNoFormulas() throws Exception {
    HttpResponse<String> csv =
        running.ask(
            "GET",
            USAGE + "?from=2026-03-01&to=2026-04-01&group_by=model",
            RunningControlPlane.TOKEN,
            "",
            "Accept",
            "text/csv");
    assertThat(csv.headers().firstValue("Content-Type").orElse("")).startsWith("text/csv");
    assertThat(csv.body().lines()).hasSize(4);
    assertThat(csv.body())
        .startsWith("model,name,requests,errors,")
        .contains("\"gpt-0\",\"\",50,0,0,0,500,250,200,0,5,5000,10000,50,")
        .contains("\"EMAIL=100;PERSON=50\"")
        .contains("\"'=1+1\"")
        .doesNotContain("secret-model");
  }

  @Test
  void usage_withoutARange_isOfTheLastThirtyDays() throws Exception {
    JsonNode usage = get("");
    assertThat(usage.path("data")).isEmpty();
    assertThat(
            java.time.Duration.between(
                    java.time.Instant.parse(usage.path("from").asText()),
                    java.time.Instant.parse(usage.path("to").asText()))
                .toDays())
        .isEqualTo(30);
  }

  @ParameterizedTest
  @CsvSource({
    "?from=yesterday,from",
    "?to=2026-13-01,to",
    "?from=2026-03-02&to=2026-03-01,from",
    "?from=2020-01-01&to=2026-01-01,from",
    "?group_by=tenant,group_by"
  })
  void usage_askedForWrongly_isRefusedWithTheParameter(String query, String field)
      throws Exception {
    HttpResponse<String> refused = running.get(USAGE + query);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(refused.body()).path("field").asText()).isEqualTo(field);
  }

  private JsonNode get(String query) throws Exception {
    HttpResponse<String> answer = running.get(USAGE + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }
}
