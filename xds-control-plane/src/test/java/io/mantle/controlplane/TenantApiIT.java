package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tenants, keys, providers and routes over the admin API, on a real Postgres. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TenantApiIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CREDENTIAL = "sk-provider-0123456789-wxyz";
  private static final String PROVIDER =
      "{\"name\":\"main\",\"base_url\":\"https://api.example.com/v1\",\"models\":[\"gpt-4o\"],"
          + "\"credential\":\""
          + CREDENTIAL
          + "\"}";

  private TestPostgres postgres;
  private RunningControlPlane running;
  private String member;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.create();
    running =
        RunningControlPlane.start(directory, Map.of("MANTLE_DATABASE_URL", postgres.urlText()));
    created("/tenants", "{\"id\":\"acme\",\"name\":\"Acme\",\"plan\":\"pro\"}");
    member =
        created("/tenants/acme/tokens", "{\"name\":\"ci\",\"role\":\"member\"}")
            .path("token")
            .asText();
  }

  @BeforeEach
  void forget() throws Exception {
    postgres.execute("DELETE FROM route; DELETE FROM provider; DELETE FROM proxy_key");
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @Test
  void key_isShownOnce_storedAsAHash_andRevoked() throws Exception {
    JsonNode key = created("/tenants/acme/keys", "{\"name\":\"laptop\"}");
    String text = key.path("key").asText();

    assertThat(text).matches("sk-mantle-[A-Za-z0-9_-]{43}");
    String listed = ask("GET", "/tenants/acme/keys", "").body();
    assertThat(listed).doesNotContain(text).contains(key.path("prefix").asText());
    assertThat(postgres.query("SELECT encode(sha256, 'hex') FROM proxy_key").getFirst())
        .hasSize(64);
    String path = "/tenants/acme/keys/" + key.path("id").asText();
    assertThat(ask("DELETE", path, "").statusCode()).isEqualTo(204);
    assertThat(
            JSON.readTree(ask("GET", "/tenants/acme/keys", "").body())
                .at("/data/0/revoked_at")
                .isTextual())
        .isTrue();
    assertThat(ask("DELETE", "/tenants/acme/keys/" + new java.util.UUID(0, 1), "").statusCode())
        .isEqualTo(404);
  }

  @Test
  void provider_isMaskedOnRead_andSealedWhereStored() throws Exception {
    JsonNode provider = created("/tenants/acme/providers", PROVIDER);
    String path = "/tenants/acme/providers/" + provider.path("id").asText();

    assertThat(provider.path("credential").asText()).isEqualTo("********wxyz");
    assertThat(ask("GET", path, "").body()).doesNotContain(CREDENTIAL);
    assertThat(postgres.query("SELECT encode(credential_sealed, 'escape') FROM provider"))
        .noneMatch(stored -> stored.contains("provider-0123"));
    assertThat(postgres.query("SELECT string_agg(audit::text, '') FROM audit").getFirst())
        .doesNotContain(CREDENTIAL, "wxyz");
  }

  @Test
  void provider_readChangedAndWrittenBack_keepsItsCredential() throws Exception {
    JsonNode provider = created("/tenants/acme/providers", PROVIDER);
    String path = "/tenants/acme/providers/" + provider.path("id").asText();
    HttpResponse<String> got = ask("GET", path, "");
    String before = sealed();
    String changed = PROVIDER.replace("gpt-4o", "gpt-5").replace(CREDENTIAL, "********wxyz");
    String etag = got.headers().firstValue("etag").orElseThrow();

    HttpResponse<String> put = ask("PUT", path, changed, "If-Match", etag);
    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    assertThat(sealed()).isEqualTo(before);
    HttpResponse<String> stale = ask("PUT", path, changed, "If-Match", etag);
    assertThat(stale.statusCode()).isEqualTo(412);
    assertThat(ask("DELETE", path, "", "If-Match", etag).statusCode()).isEqualTo(412);
    assertThat(ask("PUT", path, PROVIDER.replace("\"" + CREDENTIAL + "\"", "null")).body())
        .contains("\"credential\":null");
  }

  @Test
  void provider_tested_isCalledWithItsStoredCredential() throws Exception {
    String answer = "HTTP/1.1 401 Unauthorized\r\n\r\n" + CREDENTIAL;
    try (ScriptedProvider scripted = ScriptedProvider.plain(answer)) {
      JsonNode provider =
          created(
              "/tenants/acme/providers",
              PROVIDER.replace("https://api.example.com", "http://127.0.0.1:" + scripted.port()));
      String path = "/tenants/acme/providers/" + provider.path("id").asText();
      HttpResponse<String> tested = running.ask("POST", "/api/v1" + path + "/test", member, "");

      assertThat(tested.statusCode()).as(tested.body()).isEqualTo(200);
      JsonNode result = JSON.readTree(tested.body());
      assertThat(result.path("valid").asBoolean(true)).isFalse();
      assertThat(result.path("latency_ms").isIntegralNumber()).isTrue();
      assertThat(result.path("error").asText()).isEqualTo("401: the credential is not accepted");
      assertThat(scripted.requests().getFirst()).contains("Bearer " + CREDENTIAL);
      assertThat(ask("POST", path + "/test", "{\"base_url\":\"x\"}").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void provider_rotated_hasItsNextCredentialAndVersion() throws Exception {
    JsonNode provider = created("/tenants/acme/providers", PROVIDER);
    String path = "/tenants/acme/providers/" + provider.path("id").asText();
    String before = sealed();
    String etag = ask("GET", path, "").headers().firstValue("etag").orElseThrow();
    String next = "{\"credential\":\"sk-provider-9876543210-abcd\"}";

    HttpResponse<String> rotated =
        ask("POST", path + "/rotate-credentials", next, "If-Match", etag);

    assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(200);
    JsonNode shown = JSON.readTree(rotated.body());
    assertThat(shown.path("credential").asText()).isEqualTo("********abcd");
    assertThat(shown.path("credential_version").asInt())
        .isEqualTo(provider.path("credential_version").asInt() + 1);
    assertThat(shown.path("base_url")).isEqualTo(provider.path("base_url"));
    assertThat(sealed()).isNotEqualTo(before);
    assertThat(ask("POST", path + "/rotate-credentials", next, "If-Match", etag).statusCode())
        .isEqualTo(412);
    assertThat(ask("GET", "/tenants/acme/audit", "").body())
        .contains("provider.rotate-credentials")
        .doesNotContain("9876543210");
  }

  @Test
  void credential_compared_isToldAndNothingChanges() throws Exception {
    JsonNode provider = created("/tenants/acme/providers", PROVIDER);
    String path = "/tenants/acme/providers/" + provider.path("id").asText();
    String before = sealed();
    String compare = path + "/compare-credential";

    assertThat(ask("POST", compare, "{\"credential\":\"" + CREDENTIAL + "\"}").body())
        .isEqualTo("{\"matches\":true}");
    assertThat(ask("POST", compare, "{\"credential\":\"********wxyz\"}").body())
        .isEqualTo("{\"matches\":false}");
    assertThat(ask("POST", compare, "{}").statusCode()).isEqualTo(422);
    assertThat(
            ask(
                    "POST",
                    "/tenants/other/providers/"
                        + provider.path("id").asText()
                        + "/compare-credential",
                    "{\"credential\":\"" + CREDENTIAL + "\"}")
                .statusCode())
        .isEqualTo(404);
    assertThat(sealed()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "null", "\"********wxyz\"", "\"\"", "\"a\\nb\""})
  void rotation_withoutANewCredential_changesNothing(String credential) throws Exception {
    JsonNode provider = created("/tenants/acme/providers", PROVIDER);
    String path = "/tenants/acme/providers/" + provider.path("id").asText();
    String before = sealed();
    String body = credential.equals("{}") ? credential : "{\"credential\":" + credential + "}";

    HttpResponse<String> refused = ask("POST", path + "/rotate-credentials", body);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(JSON.readTree(refused.body()).path("field").asText()).isEqualTo("credential");
    assertThat(sealed()).isEqualTo(before);
  }

  @Test
  void provider_movedToAnotherEndpoint_needsItsCredentialAnew() throws Exception {
    JsonNode provider = created("/tenants/acme/providers", PROVIDER);
    String path = "/tenants/acme/providers/" + provider.path("id").asText();
    String moved = "{\"name\":\"main\",\"base_url\":\"https://collector.example.net/v1\"}";

    HttpResponse<String> refused = ask("PUT", path, moved);
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(JSON.readTree(refused.body()).path("field").asText()).isEqualTo("credential");
    assertThat(ask("PUT", path, moved.replace("}", ",\"credential\":\"sk-new\"}")).statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "http://169.254.169.254/v1",
    "http://10.1.2.3",
    "http://127.0.0.1:9000/v1",
    "http://[::1]/v1",
    "http://[::ffff:10.0.0.1]/v1",
    "http://localhost/v1",
    "http://metadata.google.internal",
    "http://0x7f.1/",
    "http://redis:6379"
  })
  void provider_thatIsNotOnTheInternet_isForAPlatformAdminToName(String url) throws Exception {
    String body = "{\"name\":\"inside\",\"base_url\":\"" + url + "\"}";
    HttpResponse<String> refused =
        running.ask("POST", "/api/v1/tenants/acme/providers", member, body);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(JSON.readTree(refused.body()).path("field").asText()).isEqualTo("base_url");
    assertThat(ask("POST", "/tenants/acme/providers", body).statusCode()).isIn(201, 422);
  }

  @Test
  void provider_privateAddresses_areForAPlatformAdminToAllowAndStayWithTheEndpoint()
      throws Exception {
    String allowing =
        "{\"name\":\"own\",\"base_url\":\"https://llm.corp.example\",\"allow_private_addresses\":true}";
    HttpResponse<String> refused =
        running.ask("POST", "/api/v1/tenants/acme/providers", member, allowing);
    JsonNode allowed = created("/tenants/acme/providers", allowing);
    String path = "/tenants/acme/providers/" + allowed.path("id").asText();

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(JSON.readTree(refused.body()).path("field").asText())
        .isEqualTo("allow_private_addresses");
    assertThat(allowed.path("allow_private_addresses").asBoolean()).isTrue();
    assertThat(JSON.readTree(ask("GET", path, "").body()).path("address_check").asText())
        .isEqualTo("allowed");
    HttpResponse<String> same = running.ask("PUT", "/api/v1" + path, member, allowing);
    assertThat(same.statusCode()).as(same.body()).isEqualTo(200);
    HttpResponse<String> moved =
        running.ask("PUT", "/api/v1" + path, member, allowing.replace("llm.corp", "other"));
    assertThat(moved.statusCode()).as(moved.body()).isEqualTo(422);
    HttpResponse<String> without =
        running.ask(
            "PUT",
            "/api/v1" + path,
            member,
            "{\"name\":\"own\",\"base_url\":\"https://other.example\"}");
    assertThat(JSON.readTree(without.body()).path("allow_private_addresses").asBoolean(true))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | colour      | /providers | {\"name\":\"a\",\"base_url\":\"https://a.example\",\"colour\":1}",
        "422 | name        | /providers | {\"base_url\":\"https://a.example\"}",
        "422 | name        | /providers | {\"name\":7,\"base_url\":\"https://a.example\"}",
        "422 | base_url    | /providers | {\"name\":\"a\",\"base_url\":\"ftp://secret.example\"}",
        "422 | base_url    | /providers | {\"name\":\"a\",\"base_url\":\"https://user:secret@a.example\"}",
        "422 | kind        | /providers | {\"name\":\"a\",\"base_url\":\"https://a.example\",\"kind\":\"secret\"}",
        "422 | models      | /providers | {\"name\":\"a\",\"base_url\":\"https://a.example\",\"models\":[\"a secret\"]}",
        "422 | models[0]   | /providers | {\"name\":\"a\",\"base_url\":\"https://a.example\",\"models\":[7]}",
        "422 | credential  | /providers | {\"name\":\"a\",\"base_url\":\"https://a.example\",\"credential\":\"a\\nsecret\"}",
        "422 | providers   | /routes    | {\"model_pattern\":\"*\",\"providers\":[]}",
        "422 | providers[0] | /routes   | {\"model_pattern\":\"*\",\"providers\":[\"secret\"]}",
        "422 | providers   | /routes    | {\"model_pattern\":\"*\",\"providers\":[\"00000000-0000-0000-0000-000000000001\"]}",
        "422 | model_pattern | /routes  | {\"model_pattern\":\"a secret\",\"providers\":[\"00000000-0000-0000-0000-000000000001\"]}",
        "422 | position    | /routes    | {\"model_pattern\":\"*\",\"position\":-1,\"providers\":[\"00000000-0000-0000-0000-000000000001\"]}",
        "422 | retries     | /routes    | {\"model_pattern\":\"*\",\"retries\":11,\"providers\":[\"00000000-0000-0000-0000-000000000001\"]}",
        "422 | first_byte_timeout_seconds | /routes | {\"model_pattern\":\"*\",\"first_byte_timeout_seconds\":0,\"providers\":[\"00000000-0000-0000-0000-000000000001\"]}",
        "422 | model_mapping | /routes  | {\"model_pattern\":\"*\",\"model_mapping\":{\"secret\":\"m\"},\"providers\":[\"00000000-0000-0000-0000-000000000001\"]}",
        "400 | limit       | /keys?limit=0 |",
        "400 | after       | /keys?after=secret |",
        "422 | role        | /tokens    | {\"name\":\"a\",\"role\":\"platform_admin\"}",
        "422 | email       | /members   | {\"email\":\"secret\",\"role\":\"owner\"}"
      })
  void write_invalid_namesTheFieldAndStoresNothing(
      int status, String field, String path, String body) throws Exception {
    HttpResponse<String> refused =
        ask(body == null ? "GET" : "POST", "/tenants/acme" + path, body == null ? "" : body);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
    assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(JSON.readTree(refused.body()).path("field").asText()).isEqualTo(field);
    assertThat(refused.body()).doesNotContain("secret");
    assertThat(postgres.query("SELECT id FROM provider UNION ALL SELECT id FROM route")).isEmpty();
  }

  @Test
  void route_keepsTheOrderOfItsProviders_andHoldsThem() throws Exception {
    String first = created("/tenants/acme/providers", PROVIDER).path("id").asText();
    String second =
        created("/tenants/acme/providers", PROVIDER.replace("main", "spare")).path("id").asText();
    JsonNode route =
        created(
            "/tenants/acme/routes",
            "{\"model_pattern\":\"gpt-*\",\"providers\":[\"%s\",\"%s\"],\"retries\":0,\"model_mapping\":{\"%s\":\"m\"}}"
                .formatted(second, first, first));

    assertThat(route.at("/providers/0").asText()).isEqualTo(second);
    assertThat(route.path("retries").asInt(-1)).isZero();
    assertThat(route.path("first_byte_timeout_seconds").isNull()).isTrue();
    assertThat(route.path("model_mapping").path(first).asText()).isEqualTo("m");
    HttpResponse<String> inUse = ask("DELETE", "/tenants/acme/providers/" + first, "");
    assertThat(inUse.statusCode()).as(inUse.body()).isEqualTo(409);
    assertThat(ask("DELETE", "/tenants/acme/routes/" + route.path("id").asText(), "").statusCode())
        .isEqualTo(204);
    assertThat(ask("DELETE", "/tenants/acme/providers/" + first, "").statusCode()).isEqualTo(204);
  }

  @Test
  void tenant_brokenBySql_canBeMendedStepByStep() throws Exception {
    postgres.execute(
        "INSERT INTO provider (tenant_id, name, base_url) VALUES ('acme', 'bad', 'nonsense'),"
            + " ('acme', 'worse', 'nonsense')");
    HttpResponse<String> refused = ask("POST", "/tenants/acme/providers", PROVIDER);
    assertThat(refused.statusCode()).isEqualTo(422);
    for (String id : postgres.query("SELECT id FROM provider")) {
      assertThat(ask("DELETE", "/tenants/acme/providers/" + id, "").statusCode()).isEqualTo(204);
    }
    assertThat(ask("POST", "/tenants/acme/providers", PROVIDER).statusCode()).isEqualTo(201);
  }

  @Test
  void post_withAnIdempotencyKey_isDoneOnce() throws Exception {
    String key = "Idempotency-Key";
    HttpResponse<String> first = ask("POST", "/tenants/acme/keys", "{\"name\":\"a\"}", key, "k1");
    HttpResponse<String> again = ask("POST", "/tenants/acme/keys", "{\"name\":\"a\"}", key, "k1");
    HttpResponse<String> other = ask("POST", "/tenants/acme/keys", "{\"name\":\"b\"}", key, "k1");

    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers().firstValue("idempotent-replayed")).hasValue("true");
    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(postgres.query("SELECT id FROM proxy_key")).hasSize(1);
    assertThat(postgres.query("SELECT encode(answer_sealed, 'escape') FROM idempotency_key"))
        .noneMatch(stored -> stored.contains("sk-mantle"));
    assertThat(
            running
                .ask("POST", "/api/v1/tenants/acme/keys", member, "{\"name\":\"a\"}", key, "k1")
                .body())
        .as("another caller's key of the same name")
        .isNotEqualTo(first.body());
  }

  @Test
  void post_withOneIdempotencyKeyAtOnce_isDoneOnce() throws Exception {
    List<CompletableFuture<String>> tries = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      tries.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return ask("POST", "/tenants/acme/keys", "{}", "Idempotency-Key", "at-once")
                      .body();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              },
              task -> Thread.ofVirtual().start(task)));
    }
    assertThat(new HashSet<>(tries.stream().map(CompletableFuture::join).toList())).hasSize(1);
    assertThat(postgres.query("SELECT id FROM proxy_key")).hasSize(1);
  }

  @Test
  void post_thatFailed_mayBeSentAgainUnderItsKey() throws Exception {
    String bad = PROVIDER.replace("https", "ftp");
    assertThat(ask("POST", "/tenants/acme/providers", bad, "Idempotency-Key", "mend").statusCode())
        .isEqualTo(422);
    assertThat(
            ask("POST", "/tenants/acme/providers", PROVIDER, "Idempotency-Key", "mend")
                .statusCode())
        .isEqualTo(201);
  }

  @Test
  void list_isPaged() throws Exception {
    for (int i = 0; i < 5; i++) {
      created("/tenants/acme/keys", "{\"name\":\"k" + i + "\"}");
    }
    List<String> names = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = JSON.readTree(ask("GET", "/tenants/acme/keys?limit=2" + after, "").body());
      assertThat(page.path("data").size()).isBetween(1, 2);
      page.path("data").forEach(key -> names.add(key.path("name").asText()));
      after = page.path("next").isNull() ? "" : "&after=" + page.path("next").asText();
    } while (!after.isEmpty());
    assertThat(names).containsExactlyInAnyOrder("k0", "k1", "k2", "k3", "k4");
  }

  @Test
  void write_reachesTheSnapshot_andLeavesAnAuditRow() throws Exception {
    created("/tenants", "{\"id\":\"fresh\",\"name\":\"Fresh\"}");
    Eventually.isTrue(
        "published",
        Duration.ofSeconds(5),
        () -> running.getWithoutToken("/metrics").body().contains("mantle_tenants 2.0"));
    JsonNode audit = JSON.readTree(ask("GET", "/tenants/fresh/audit", "").body());
    assertThat(audit.at("/data/0/action").asText()).isEqualTo("tenant.create");
    assertThat(audit.at("/data/0/actor").asText()).isEqualTo("operator");
    assertThat(ask("DELETE", "/tenants/fresh", "").statusCode()).isEqualTo(204);
    assertThat(ask("GET", "/tenants/fresh", "").statusCode()).isEqualTo(404);
    assertThat(ask("POST", "/tenants", "{\"id\":\"fresh\",\"name\":\"Again\"}").statusCode())
        .as("its audit rows are nobody else's")
        .isEqualTo(409);
    Eventually.isTrue(
        "gone",
        Duration.ofSeconds(5),
        () -> running.getWithoutToken("/metrics").body().contains("mantle_tenants 1.0"));
  }

  @Test
  void tenant_changed_keepsItsPlanUnlessAPlatformAdminSaysSo() throws Exception {
    String owner =
        created("/tenants/acme/tokens", "{\"name\":\"o\",\"role\":\"owner\"}")
            .path("token")
            .asText();
    HttpResponse<String> refused =
        running.ask(
            "PUT", "/api/v1/tenants/acme", owner, "{\"name\":\"Acme\",\"plan\":\"enterprise\"}");
    assertThat(refused.statusCode()).isEqualTo(403);
    HttpResponse<String> renamed =
        running.ask("PUT", "/api/v1/tenants/acme", owner, "{\"name\":\"Acme Ltd\"}");
    assertThat(renamed.statusCode()).as(renamed.body()).isEqualTo(200);
    assertThat(JSON.readTree(renamed.body()).path("plan").asText()).isEqualTo("pro");
    assertThat(ask("POST", "/tenants", "{\"id\":\"acme\",\"name\":\"x\"}").statusCode())
        .isEqualTo(409);
  }

  @Test
  void revokedToken_isOutAtOnce() throws Exception {
    JsonNode token = created("/tenants/acme/tokens", "{\"name\":\"t\",\"role\":\"auditor\"}");
    String text = token.path("token").asText();
    assertThat(running.ask("GET", "/api/v1/tenants/acme", text, "").statusCode()).isEqualTo(200);
    ask("DELETE", "/tenants/acme/tokens/" + token.path("id").asText(), "");
    assertThat(running.ask("GET", "/api/v1/tenants/acme", text, "").statusCode()).isEqualTo(401);
  }

  private String sealed() throws Exception {
    return postgres.query("SELECT encode(credential_sealed, 'hex') FROM provider").getFirst();
  }

  private JsonNode created(String path, String body) throws Exception {
    HttpResponse<String> made = ask("POST", path, body);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return JSON.readTree(made.body());
  }

  private HttpResponse<String> ask(String verb, String path, String body, String... headers)
      throws Exception {
    return running.ask(verb, "/api/v1" + path, RunningControlPlane.TOKEN, body, headers);
  }
}
