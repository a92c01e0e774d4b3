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

/** Limits of plans, tenants and keys over the admin API, on a real Postgres. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LimitApiIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LIMITS = "/api/v1/tenants/acme/limits";

  private RunningControlPlane running;
  private String owner;
  private String key;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    TestPostgres postgres = TestPostgres.create();
    running =
        RunningControlPlane.start(directory, Map.of("MANTLE_DATABASE_URL", postgres.urlText()));
    created("/api/v1/tenants", "{\"id\":\"acme\",\"name\":\"Acme\",\"plan\":\"free\"}");
    owner =
        created("/api/v1/tenants/acme/tokens", "{\"name\":\"ci\",\"role\":\"owner\"}")
            .path("token")
            .asText();
    key = created("/api/v1/tenants/acme/keys", "{}").path("id").asText();
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @Test
  void limits_changed_sayWhatHoldsAndWhereItComesFrom() throws Exception {
    JsonNode before = json(running.get(LIMITS));
    assertThat(before.at("/effective/requests_per_minute/from").asText()).isEqualTo("plan");
    long ofPlan = before.at("/effective/requests_per_second/limit").asLong();

    HttpResponse<String> put =
        running.put(
            LIMITS,
            "{\"limits\":{\"requests_per_minute\":7,\"tokens_per_day\":null},\"keys\":{\"%s\":{\"concurrent_streams\":2}}}"
                .formatted(key));

    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    JsonNode after = json(running.get(LIMITS));
    assertThat(after).isEqualTo(json(put));
    assertThat(after.at("/effective/requests_per_minute").toString())
        .isEqualTo("{\"limit\":7,\"from\":\"tenant\"}");
    assertThat(after.at("/effective/tokens_per_day").toString())
        .isEqualTo("{\"limit\":null,\"from\":\"tenant\"}");
    assertThat(after.at("/effective/requests_per_second/limit").asLong()).isEqualTo(ofPlan);
    assertThat(after.at("/limits").size()).isEqualTo(2);
    assertThat(after.at("/keys/" + key).toString()).isEqualTo("{\"concurrent_streams\":2}");
    assertThat(json(running.put(LIMITS, "{}")).path("limits").size()).isZero();
  }

  @Test
  void limits_changedMeanwhile_areRefused() throws Exception {
    String tag = running.get(LIMITS).headers().firstValue("ETag").orElseThrow();
    assertThat(
            running
                .put(LIMITS, "{\"limits\":{\"tokens_per_minute\":9}}", "If-Match", tag)
                .statusCode())
        .isEqualTo(200);
    assertThat(running.put(LIMITS, "{}", "If-Match", tag).statusCode()).isEqualTo(412);
    assertThat(running.put(LIMITS, "{}").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'limits':{'requests_per_minute':0}}|limits.requests_per_minute",
        "{'limits':{'requests_per_minute':1.5}}|limits.requests_per_minute",
        "{'limits':{'tokens_per_day':'9'}}|limits.tokens_per_day",
        "{'limits':{'tokens_per_day':9999999999999}}|limits.tokens_per_day",
        "{'limits':{'requests':1}}|limits.requests",
        "{'limits':[]}|limits",
        "{'keys':{'x':{}}}|keys",
        "{'keys':{'00000000-0000-0000-0000-000000000001':{}}}|keys",
        "{'keys':{'00000000-0000-0000-0000-000000000001':3}}|keys.00000000-0000-0000-0000-000000000001",
        "{'limit':{}}|limit"
      })
  void limits_invalid_areRefusedWithTheirField(String body, String field) throws Exception {
    HttpResponse<String> refused = running.put(LIMITS, body.replace('\'', '"'));

    assertThat(refused.statusCode()).isIn(400, 422);
    assertThat(json(refused).path("field").asText()).isEqualTo(field);
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Test
  void owner_lowersLimits_andRaisesThemNoHigherThanThePlan() throws Exception {
    assertThat(asOwner("{\"limits\":{\"requests_per_minute\":5}}").statusCode()).isEqualTo(200);
    assertThat(asOwner("{\"limits\":{\"requests_per_minute\":500}}").statusCode()).isEqualTo(200);
    HttpResponse<String> raised = asOwner("{\"limits\":{\"requests_per_minute\":999999}}");
    assertThat(raised.statusCode()).isEqualTo(403);
    assertThat(json(raised).path("field").asText()).isEqualTo("limits.requests_per_minute");
    assertThat(asOwner("{\"limits\":{\"requests_per_minute\":null}}").statusCode()).isEqualTo(403);
    running.put(LIMITS, "{\"limits\":{\"requests_per_minute\":5000}}");
    assertThat(asOwner("{\"limits\":{\"requests_per_minute\":4000}}").statusCode()).isEqualTo(200);
    running.put(LIMITS, "{}");
  }

  @Test
  void plan_changed_holdsForItsTenants() throws Exception {
    JsonNode plans = json(running.get("/api/v1/plans"));
    assertThat(plans.at("/data")).hasSize(3);
    JsonNode page = json(running.get("/api/v1/plans?limit=1&after=enterprise"));
    assertThat(page.at("/data/0/id").asText()).isEqualTo("free");
    assertThat(page.path("next").asText()).isEqualTo("free");
    assertThat(json(running.get("/api/v1/plans?after=free")).path("next").isNull()).isTrue();
    HttpResponse<String> pro = running.get("/api/v1/plans/pro");
    String tag = pro.headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> put =
        running.put(
            "/api/v1/plans/pro", "{\"limits\":{\"requests_per_second\":3}}", "If-Match", tag);
    assertThat(json(put).path("limits").path("requests_per_second").asLong()).isEqualTo(3);
    assertThat(json(put).path("limits").path("tokens_per_day").isNull()).isTrue();
    assertThat(running.put("/api/v1/plans/pro", "{\"limits\":{}}", "If-Match", tag).statusCode())
        .isEqualTo(412);
    assertThat(running.put("/api/v1/plans/gold", "{\"limits\":{}}").statusCode()).isEqualTo(404);
    assertThat(running.put("/api/v1/plans/pro", "{}").statusCode()).isEqualTo(422);
    running.put("/api/v1/tenants/acme", "{\"name\":\"Acme\",\"plan\":\"pro\"}");
    assertThat(json(running.get(LIMITS)).at("/effective/requests_per_second").toString())
        .isEqualTo("{\"limit\":3,\"from\":\"plan\"}");
    running.put("/api/v1/tenants/acme", "{\"name\":\"Acme\",\"plan\":\"free\"}");
  }

  private HttpResponse<String> asOwner(String body) throws Exception {
    return running.ask("PUT", LIMITS, owner, body);
  }

  private JsonNode created(String path, String body) throws Exception {
    HttpResponse<String> answer = running.post(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return json(answer);
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return JSON.readTree(answer.body());
  }
}
