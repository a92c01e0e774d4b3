package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A tenant's privacy policy over the admin API, on a real Postgres. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PrivacyApiIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PATH = "/api/v1/tenants/acme/privacy";
  private static final String DEFAULT =
      "{\"preset\":\"default\",\"actions\":{},\"recall\":\"balanced\",\"mode\":\"enforce\",\"deny\":[],\"allow\":[],"
          + "\"recognizers\":[],\"deep\":false,\"media\":\"pass\",\"preservation_prompt\":\"\","
          + "\"restore\":{},\"link_hosts\":[],\"tools\":{},\"responses\":\"pass\",\"trace_content\":false,"
          + "\"record_exchanges_hours\":null}";
  private static final String FULL =
      """
      {
        "actions": {"email": "BLOCK"},
        "recall": "high",
        "mode": "detect_only",
        "deny": [{"phrase": "Project Falcon", "type": "org"}],
        "allow": ["Maria Garcia"],
        "recognizers": [{
          "name": "badge", "type": "NATIONAL_ID", "patterns": ["\\\\bB-[0-9]{5}\\\\b"], "words": ["Kestrel"],
          "context": ["badge"],
          "samples": {"positive": ["badge B-12345", "Kestrel badge"], "negative": ["B-12345", "badge B-1"]}
        }],
        "deep": false,
        "media": "refuse",
        "preservation_prompt": "Repeat \\"names\\" exactly.",
        "restore": {"person": {"TYPO": false}, "*": {"initials": false}},
        "link_hosts": ["docs.acme.com"],
        "tools": {"send_mail": "leave"},
        "responses": "mask",
        "trace_content": true,
        "record_exchanges_hours": 24
      }
      """;

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
  void policy_neverStored_isTheDefault() throws Exception {
    HttpResponse<String> got = running.get(PATH);

    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(DEFAULT);
  }

  @Test
  void policy_stored_isReadBackNormalisedAndSeenByNobodyElse() throws Exception {
    HttpResponse<String> put = running.put(PATH, FULL);
    HttpResponse<String> got = running.get(PATH);

    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(put.body());
    assertThat(got.headers().firstValue("etag")).isEqualTo(put.headers().firstValue("etag"));
    JsonNode policy = JSON.readTree(got.body());
    assertThat(policy.at("/actions/EMAIL").asText()).isEqualTo("block");
    assertThat(policy.at("/deny/0/type").asText()).isEqualTo("ORG");
    assertThat(policy.at("/recognizers/0/samples/negative/1").asText()).isEqualTo("badge B-1");
    assertThat(policy.at("/restore/PERSON/typo").asBoolean(true)).isFalse();
    assertThat(policy.at("/link_hosts/0").asText()).isEqualTo("docs.acme.com");
    assertThat(policy.at("/tools/send_mail").asText()).isEqualTo("leave");
    assertThat(policy.path("responses").asText()).isEqualTo("mask");
    assertThat(policy.path("trace_content").asBoolean()).isTrue();
    assertThat(policy.path("record_exchanges_hours").asInt()).isEqualTo(24);
    assertThat(running.get("/api/v1/tenants/other/privacy").body()).isEqualTo(DEFAULT);
  }

  @Test
  void policy_storedAgain_replacesTheWhole() throws Exception {
    running.put(PATH, FULL);

    assertThat(running.put(PATH, "{}").body()).isEqualTo(DEFAULT);
    assertThat(running.get(PATH).body()).isEqualTo(DEFAULT);
  }

  @Test
  void policy_ofAPreset_hasItsFieldsButThoseThatAreSaid() throws Exception {
    JsonNode strict = JSON.readTree(running.put(PATH, "{\"preset\": \"STRICT\"}").body());
    assertThat(strict.path("preset").asText()).isEqualTo("strict");
    assertThat(strict.path("media").asText()).isEqualTo("refuse");

    running.put(
        PATH, "{\"preset\": \"hipaa\", \"media\": \"pass\", \"actions\": {\"DATE\": \"allow\"}}");
    JsonNode hipaa = JSON.readTree(running.get(PATH).body());
    assertThat(hipaa.path("preset").asText()).isEqualTo("hipaa");
    assertThat(hipaa.path("media").asText()).isEqualTo("pass");
    assertThat(hipaa.at("/actions/DATE").asText()).isEqualTo("allow");
  }

  @Test
  void policy_changedMeanwhile_isNotOverwritten() throws Exception {
    String etag = running.get(PATH).headers().firstValue("etag").orElseThrow();

    assertThat(running.put(PATH, "{\"recall\":\"high\"}", "If-Match", etag).statusCode())
        .isEqualTo(200);
    assertThat(running.put(PATH, "{\"recall\":\"precise\"}", "If-Match", etag).statusCode())
        .isEqualTo(412);
    assertThat(JSON.readTree(running.get(PATH).body()).path("recall").asText()).isEqualTo("high");
  }

  @Test
  void policy_ofNoTenant_isNotFound() throws Exception {
    assertThat(running.get("/api/v1/tenants/nobody/privacy").statusCode()).isEqualTo(404);
    assertThat(running.put("/api/v1/tenants/nobody/privacy", "{}").statusCode()).isEqualTo(404);
    assertThat(running.getWithoutToken(PATH).statusCode()).isEqualTo(401);
  }

  /** Each names its field, repeats nothing of the policy, and changes nothing. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          preset                                | {"preset": "secret"}
          preset                                | {"preset": ["secret"]}
          recall                                | {"recall": "secret"}
          recall                                | {"recall": 1}
          mode                                  | {"mode": "secret"}
          deep                                  | {"deep": true}
          deep                                  | {"deep": "secret"}
          media                                 | {"media": "secret"}
          preservation_prompt                   | {"preservation_prompt": ["secret"]}
          restore                               | {"restore": {"SECRET": {"typo": false}}}
          restore                               | {"restore": {"PERSON": "secret"}}
          restore                               | {"restore": {"PERSON": {"typo": "secret"}}}
          restore.PERSON                        | {"restore": {"PERSON": {"secret": false}}}
          restore.PERSON                        | {"restore": {"PERSON": {"exact": false}}}
          link_hosts                            | {"link_hosts": "secret"}
          link_hosts[1]                         | {"link_hosts": ["acme.com", "https://secret"]}
          link_hosts[0]                         | {"link_hosts": ["*"]}
          responses                             | {"responses": "secret"}
          trace_content                         | {"trace_content": "secret"}
          record_exchanges_hours                | {"record_exchanges_hours": "secret"}
          record_exchanges_hours                | {"record_exchanges_hours": 721}
          tools                                 | {"tools": {"send": "secret"}}
          tools                                 | {"tools": {"": "leave"}}
          actions                               | {"actions": {"SECRET": "allow"}}
          actions.EMAIL                         | {"actions": {"EMAIL": "secret"}}
          actions                               | {"actions": ["secret"]}
          deny                                  | {"deny": {}}
          deny[0]                               | {"deny": ["secret"]}
          deny[0].type                          | {"deny": [{"phrase": "secret"}]}
          deny[1].type                          | {"deny": [{"phrase": "secret", "type": "ORG"}, {"phrase": "secret", "type": "SECRET"}]}
          deny[0].phrase                        | {"deny": [{"phrase": "s", "type": "ORG"}]}
          deny[0].phrase                        | {"deny": [{"phrase": "secret\\u0000", "type": "ORG"}]}
          deny[0]                               | {"deny": [{"phrase": "secret", "type": "ORG", "secret": 1}]}
          allow[0]                              | {"allow": [""]}
          allow[0]                              | {"allow": [7]}
          recognizers[0].name                   | {"recognizers": [{"type": "ORG", "patterns": ["secret"]}]}
          recognizers[0]                        | {"recognizers": [{"name": "n", "type": "ORG"}]}
          recognizers[0].patterns[0]            | {"recognizers": [{"name": "n", "type": "ORG", "patterns": ["(secret"]}]}
          recognizers[0].patterns[0]            | {"recognizers": [{"name": "n", "type": "ORG", "patterns": ["(?=secret)x"]}]}
          recognizers[0].patterns[0]            | {"recognizers": [{"name": "n", "type": "ORG", "patterns": ["((secret{900}){900}){900}"]}]}
          recognizers[0].samples.positive       | {"recognizers": [{"name": "n", "type": "ORG", "patterns": ["secret"]}]}
          recognizers[0].samples.negative       | {"recognizers": [{"name": "n", "type": "ORG", "patterns": ["secret"], "samples": {"positive": ["secret"]}}]}
          recognizers[0].samples.positive[1]    | {"recognizers": [{"name": "n", "type": "ORG", "patterns": ["secret"], "samples": {"positive": ["secret", "Secret"], "negative": ["x"]}}]}
          recognizers[0].samples.negative[0]    | {"recognizers": [{"name": "n", "type": "ORG", "patterns": ["secret"], "samples": {"positive": ["secret"], "negative": ["a secret b"]}}]}
          """)
  void policy_invalid_isRefusedWithTheFieldAndWithoutItsWords(String field, String policy)
      throws Exception {
    HttpResponse<String> refused = running.put(PATH, policy);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(JSON.readTree(refused.body()).path("field").asText()).isEqualTo(field);
    assertThat(refused.body()).doesNotContainIgnoringCase("secret");
    assertThat(running.get(PATH).body()).isEqualTo(DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "[]",
        "{\"recall\":\"high\",\"recall\":\"high\"}",
        "{} {}",
        "{\"secret\":1}"
      })
  void policy_malformed_isRefused(String policy) throws Exception {
    HttpResponse<String> refused = running.put(PATH, policy);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(refused.body()).doesNotContain("secret");
  }

  @Test
  void policy_brokenBySql_isReportedAndCanBeReplaced() throws Exception {
    postgres.execute(
        "INSERT INTO privacy_policy (tenant_id, deny) VALUES ('acme', '[\"secret\"]')");
    Eventually.isTrue(
        "the tenant keeps what it had, and that is counted",
        Duration.ofSeconds(5),
        () -> running.getWithoutToken("/metrics").body().contains("mantle_tenants_failing 1.0"));

    HttpResponse<String> got = running.get(PATH);
    assertThat(got.statusCode()).isEqualTo(409);
    assertThat(got.body()).contains("deny[0]").doesNotContain("secret");
    assertThat(running.put(PATH, "{}").statusCode()).isEqualTo(200);
    Eventually.isTrue(
        "mended",
        Duration.ofSeconds(5),
        () -> running.getWithoutToken("/metrics").body().contains("mantle_tenants_failing 0.0"));
  }
}
