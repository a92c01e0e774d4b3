package io.mantle.extproc.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import io.mantle.extproc.scripted.Tenants;
import io.mantle.extproc.tenant.Policies;
import io.mantle.extproc.tenant.PolicyBook;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Departure;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.RequestHead;
import io.mantle.privacy.detect.DetectionPolicy;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.custom.CustomRecognizer;
import io.mantle.privacy.detect.custom.DenyTerm;
import io.mantle.privacy.detect.deep.DeepDetector;
import io.mantle.privacy.detect.deep.DeepLimits;
import io.mantle.privacy.detect.deep.DeepTier;
import io.mantle.privacy.detect.deep.DeepTierException;
import io.mantle.privacy.detect.deep.Guess;
import io.mantle.privacy.detect.deep.Pieces;
import io.mantle.privacy.detect.deep.TokenClassifier;
import io.mantle.privacy.detect.tagger.Recall;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPipelineTest {
  private static final String MAIL = "jane.doe@corp.example";

  /** A head that differs from a good one in one header; {@code -} leaves it out. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          authorization    | -                              | 401 | missing_api_key
          authorization    | Basic c2stbWFudGxlLWFjbWUtMQ== | 401 | missing_api_key
          authorization    | Bearer sk-mantle-unknown       | 401 | invalid_api_key
          authorization    | Bearer sk-proj-abcdefghij      | 401 | not_a_mantle_key
          authorization    | Bearer                         | 401 | missing_api_key
          content-type     | -                              | 415 | unsupported_media_type
          content-type     | text/plain                     | 415 | unsupported_media_type
          content-type     | application/x-ndjson           | 415 | unsupported_media_type
          content-type     | application/json; charset=utf-16 | 415 | unsupported_media_type
          content-encoding | gzip                           | 415 | unsupported_encoding
          content-encoding | identity, br                   | 415 | unsupported_encoding
          upgrade          | websocket                      | 400 | upgrade_refused
          x-privacy-gateway-rehydrate    | maybe            | 400 | invalid_header
          x-privacy-gateway-conversation | a b              | 400 | invalid_conversation
          x-privacy-gateway-conversation | über             | 400 | invalid_conversation
          """)
  void admit_badHeader_isRefused(String name, String value, int status, String code) {
    Refusal refusal = Gateway.of().refusalOf(headWith(name, value));
    assertThat(refusal.status()).isEqualTo(status);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.retryable()).isFalse();
    assertThat(refusal.message()).doesNotContain("unknown\"").doesNotContain("abcdefghij");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          authorization    | bearer sk-mantle-acme-1
          content-type     | application/json; charset=utf-8
          content-type     | Application/JSON ; charset="UTF-8"
          content-encoding | identity
          x-privacy-gateway-rehydrate    | FALSE
          x-privacy-gateway-conversation | a.b_c:d-9
          """)
  void admit_goodHeader_isAdmitted(String name, String value) throws Exception {
    assertThat(Gateway.of().admit(headWith(name, value))).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void admit_keyAsXApiKey_isAdmitted() throws Exception {
    RequestHead head =
        new RequestHead(
            "POST",
            "/v1/chat/completions?x=1",
            List.of(
                new Header("x-api-key", Tenants.KEY),
                new Header("content-type", "application/json")),
            true);
    assertThat(Gateway.of().admit(head)).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void admit_noBody_isRefused() {
    assertThat(Gateway.of().refusalOf(Gateway.head("POST", "/v1/chat/completions", false)))
        .extracting(Refusal::status, Refusal::code)
        .containsExactly(400, "missing_body");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/chat/completions",
    "POST, /v1/models",
    "POST, /v1/chat/completions/",
    "POST, /v1/Chat/completions",
    "POST, /chat/completions",
    "DELETE, /v1/models",
    "GET, /",
    "OPTIONS, *"
  })
  void admit_otherEndpoint_isToldWhatThereIs(String method, String path) {
    Refusal refusal = Gateway.of().refusalOf(Gateway.head(method, path, true));
    assertThat(refusal.status()).isEqualTo(404);
    assertThat(refusal.message()).contains("POST /v1/chat/completions", "GET /v1/models");
  }

  @Test
  void admit_v1Twice_isToldWhatToMend() {
    Refusal refusal = Gateway.of().refusalOf(Gateway.head("POST", "/v1/v1/chat/completions", true));
    assertThat(refusal.status()).isEqualTo(404);
    assertThat(refusal.message()).contains("base URL");
  }

  @Test
  void admit_models_ofAnAnthropicClient_areThoseItCanAsk() throws Exception {
    Header version = new Header("anthropic-version", "2023-06-01");
    assertThat(answered(Gateway.head("GET", "/v1/models", false, version)))
        .isEqualTo(
            "{\"data\":[{\"type\":\"model\",\"id\":\"claude-test\",\"display_name\":\"claude-test\","
                + "\"created_at\":\"1970-01-01T00:00:00Z\"}],\"has_more\":false,"
                + "\"first_id\":\"claude-test\",\"last_id\":\"claude-test\"}");
  }

  @Test
  void admit_model_isAnsweredFromThePolicy() throws Exception {
    assertThat(answered(Gateway.head("GET", "/v1/models/gpt%2Dtest", false)))
        .isEqualTo(
            "{\"id\":\"gpt-test\",\"object\":\"model\",\"created\":0,\"owned_by\":\"demo\"}");
    assertThat(Gateway.of().refusalOf(Gateway.head("GET", "/v1/models/x%", false)).code())
        .isEqualTo("model_not_found");
  }

  @Test
  void credentialRotated_afterAdmission_isNotForTheRequestThatWasAdmitted() throws Exception {
    PolicyBook book = new PolicyBook();
    book.swap(Policies.NONE.with(List.of(Tenants.acme()), List.of()), true);
    RequestPipeline requests = pipeline(book);
    Admission before = requests.admit(Gateway.chatHead(), "request-1");

    TenantPolicy rotated = Tenants.calledWith(Tenants.acme(), "rotated-credential");
    book.swap(book.current().with(List.of(rotated), List.of()), true);
    Admission after = requests.admit(Gateway.chatHead(), "request-2");

    assertThat(authorization(requests, before)).isEqualTo("Bearer upstream-credential");
    assertThat(authorization(requests, after)).isEqualTo("Bearer rotated-credential");
  }

  @Test
  void admit_tenantWhosePolicyIsOutdatedForTooLong_isRefused_andNoOther() throws Exception {
    PolicyBook book = new PolicyBook();
    book.swap(Policies.NONE.with(List.of(Tenants.acme()), List.of()), true);
    RequestPipeline requests = pipeline(book);
    book.swap(book.current().tightened(Tenants.acme(), Instant.now()), false);
    assertThat(requests.admit(Gateway.chatHead(), "request-1"))
        .isInstanceOf(Admission.Admitted.class);

    Policies fresh = Policies.NONE.with(List.of(Tenants.acme()), List.of());
    book.swap(fresh.tightened(Tenants.acme(), Instant.MIN.plusSeconds(1)), false);
    assertThat(book.isInForce()).isTrue();
    assertThatThrownBy(() -> requests.admit(Gateway.chatHead(), "request-2"))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> {
              assertThat(refused.refusal().status()).isEqualTo(503);
              assertThat(refused.refusal().code()).isEqualTo("policies_unavailable");
            });
  }

  private static RequestPipeline pipeline(PolicyBook book) {
    return new RequestPipeline(
        book,
        Gateway.engine(),
        tenant -> tenant.privacy().examination().detector(),
        ConversationMemory.NONE,
        Gateway.BODY_BYTES_MAX);
  }

  private static String authorization(RequestPipeline requests, Admission admission)
      throws Exception {
    if (!(admission instanceof Admission.Admitted admitted)) {
      throw new AssertionError("a request with a body was answered on the spot");
    }
    return credential(
        requests.depart(admitted, "{\"model\":\"m\",\"messages\":[]}".getBytes(UTF_8)));
  }

  private static String credential(Departure departure) {
    Header credential = departure.way().attempts().getFirst().credential();
    return credential == null ? "" : credential.value();
  }

  private static String answered(RequestHead head) throws Exception {
    return new String(((Admission.Answered) Gateway.of().admit(head)).reply().body(), UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE"})
  void admit_storedResponse_leavesAtOnce(String method) throws Exception {
    RequestHead head =
        Gateway.head(method, "/v1/responses/resp_67ccd2bed1ec8190?include=jane", false);
    Departure departure = Gateway.of().sendWithoutBody(head).departure();
    assertThat(departure.way().attempts().getFirst().path())
        .isEqualTo("/base/v1/responses/resp_67ccd2bed1ec8190");
    assertThat(departure.call().asked().providerId()).isEqualTo("prov-1");
    assertThat(credential(departure)).isEqualTo("Bearer upstream-credential");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jane.doe@corp.example", "..", "resp_1/../x", "resp_jane%20doe"})
  void admit_storedResponse_ofAnotherShape_isNotAskedFor(String id) {
    assertThat(Gateway.of().refusalOf(Gateway.head("GET", "/v1/responses/" + id, false)).code())
        .isEqualTo("response_not_found");
  }

  @Test
  void depart_messages_goToAnthropicWithItsOwnHeaders() throws Exception {
    String body = "{\"model\":\"gpt-test\",\"messages\":[]}";
    Departure departure =
        Gateway.of()
            .sendTo(
                "/v1/messages",
                body,
                new Header("anthropic-version", "2023-06-01"),
                new Header("anthropic-beta", "files-api-2025-04-14,jane-doe"),
                new Header("x-api-key", Tenants.KEY))
            .departure();
    assertThat(departure.call().asked().providerId()).isEqualTo("prov-2");
    assertThat(departure.way().attempts().getFirst().path()).isEqualTo("/v1/messages");
    assertThat(departure.headers())
        .extracting(h -> h.name() + ": " + h.value())
        .containsExactly(
            "content-type: application/json", "accept: */*", "anthropic-version: 2023-06-01");
    assertThat(departure.way().attempts().getFirst().credential())
        .isEqualTo(new Header("x-api-key", "anthropic-credential"));
    Departure beta =
        Gateway.of()
            .sendTo(
                "/v1/messages",
                body,
                new Header("anthropic-version", "jane doe"),
                new Header("anthropic-beta", "files-api-2025-04-14,mcp-client-2025-04-04"))
            .departure();
    assertThat(beta.headers())
        .extracting(h -> h.name() + ": " + h.value())
        .contains(
            "anthropic-version: 2023-06-01",
            "anthropic-beta: files-api-2025-04-14,mcp-client-2025-04-04");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/chat/completions|`\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://a.example/x.png\"}}]}]`|messages[0].content[0].image_url.url",
        "/v1/chat/completions|`\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"file-1\"}}]}]`|messages[0].content[0].file.file_id",
        "/v1/responses|`\"input\":[{\"content\":[{\"type\":\"input_file\",\"file_data\":\"aGVsbG8=\"}]}]`|input[0].content[0].file_data",
        "/v1/responses|`\"input\":[{\"content\":[{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,aGVsbG8=\"}]}]`|input[0].content[0].image_url",
        "/v1/messages|`\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"document\",\"source\":{\"type\":\"base64\",\"data\":\"aGVsbG8=\"}}]}]`|messages[0].content[0].source.data",
        "/v1/embeddings|`\"input\":[1,2,3]`|input"
      })
  void depart_media_isCountedOrRefused(String path, String members, String at) throws Exception {
    String body = "{\"model\":\"m\"," + members + "}";
    assertThat(Gateway.of().sendTo(path, body).departure().call().found().entities())
        .containsEntry("UNINSPECTED", 1);
    Refusal refusal = Gateway.of(Tenants.refusingMedia(Tenants.acme())).refusalAt(path, body);
    assertThat(refusal.code()).isEqualTo("media_refused");
    assertThat(refusal.param()).isEqualTo(at);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/chat/completions|`{\"model\":\"m\",\"messages\":[]}`|`{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"Repeat \\\"names\\\".\"}]}`",
        "/v1/chat/completions|`{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}`|`{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"Repeat \\\"names\\\".\"},{\"role\":\"user\"}]}`",
        "/v1/messages|`{\"model\":\"m\"}`|`{\"system\":\"Repeat \\\"names\\\".\",\"model\":\"m\"}`",
        "/v1/messages|`{\"model\":\"m\",\"system\":\"Be kind.\"}`|`{\"model\":\"m\",\"system\":\"Repeat \\\"names\\\".\\n\\nBe kind.\"}`",
        "/v1/messages|`{\"model\":\"m\",\"system\":[{\"type\":\"text\"}]}`|`{\"model\":\"m\",\"system\":[{\"type\":\"text\",\"text\":\"Repeat \\\"names\\\".\"},{\"type\":\"text\"}]}`",
        "/v1/responses|`{\"model\":\"m\",\"instructions\":null}`|`{\"model\":\"m\",\"instructions\":\"Repeat \\\"names\\\".\"}`",
        "/v1/responses|`{\"model\":\"m\",\"instructions\":7}`|`{\"model\":\"m\",\"instructions\":7}`",
        "/v1/embeddings|`{\"model\":\"m\",\"input\":\"x\"}`|`{\"model\":\"m\",\"input\":\"x\"}`"
      })
  void depart_preservationPrompt_standsFirst(String path, String body, String upstream)
      throws Exception {
    TenantPolicy tenant = Tenants.preserving(Tenants.acme(), "Repeat \"names\".");
    assertThat(Gateway.of(tenant).sendTo(path, body).upstream()).isEqualTo(upstream);
  }

  @Test
  void depart_preservationPrompt_beforeAMaskedSystemPrompt() throws Exception {
    TenantPolicy tenant = Tenants.preserving(Tenants.acme(), "Repeat.");
    String body = "{\"model\":\"m\",\"system\":\"jane.doe@corp.example\"}";
    assertThat(Gateway.of(tenant).sendTo("/v1/messages", body).upstream())
        .startsWith("{\"model\":\"m\",\"system\":\"Repeat.\\n\\n")
        .doesNotContain("jane");
  }

  @Test
  void depart_numbersThatAreNoTokenIds_areInspected() throws Exception {
    String body = "{\"model\":\"m\",\"input\":[4111111111111111]}";
    assertThat(Gateway.of().sendTo("/v1/embeddings", body).upstream())
        .doesNotContain("4111111111111111");
  }

  @Test
  void admit_models_isAnsweredFromThePolicy() throws Exception {
    Admission admission = Gateway.of().admit(Gateway.head("GET", "/v1/models", false));
    assertThat(admission).isInstanceOf(Admission.Answered.class);
    assertThat(new String(((Admission.Answered) admission).reply().body(), UTF_8))
        .isEqualTo(
            "{\"object\":\"list\",\"data\":[{\"id\":\"gpt-test\",\"object\":\"model\",\"created\":0,"
                + "\"owned_by\":\"demo\"},{\"id\":\"claude-test\",\"object\":\"model\",\"created\":0,"
                + "\"owned_by\":\"claude\"}]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                            | invalid_json               |
          "text"                                        | invalid_json               |
          {"model":"m"} {}                              | invalid_json               |
          {"messages":[]}                               | missing_required_parameter | model
          {"model":1}                                   | missing_required_parameter | model
          {"model":null}                                | missing_required_parameter | model
          {"model":"m","stream":"yes"}                  | invalid_type               | stream
          {"model":"m","stream":1}                      | invalid_type               | stream
          {"model":"m","model":"n"}                     | duplicate_parameter        | model
          {"model":"m","messages":[],"messages":[]}     | duplicate_parameter        | messages
          {"model":"m","stream":true,"\\u0073tream":true} | duplicate_parameter      | stream
          {"model":"m","user":"a","user":"b"}           | duplicate_parameter        | user
          """)
  void depart_badBody_isRefused(String body, String code, @Nullable String param) {
    Refusal refusal = Gateway.of().refusalOf(body);
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal.param()).isEqualTo(param);
  }

  @Test
  void depart_bom_isRefused() {
    assertThat(Gateway.of().refusalOf("\uFEFF{\"model\":\"m\"}").code()).isEqualTo("invalid_json");
  }

  @Test
  void depart_bodyOverTheLimit_isRefused() throws Exception {
    String frame = "{\"model\":\"m\",\"messages\":[]}";
    byte[] largest = (frame + " ".repeat(Gateway.BODY_BYTES_MAX - frame.length())).getBytes(UTF_8);
    assertThat(Gateway.of().send(largest).departure().body()).isEqualTo(largest);
    Refusal refusal = Gateway.of().refusalOf((new String(largest, UTF_8) + " ").getBytes(UTF_8));
    assertThat(refusal.status()).isEqualTo(413);
    assertThat(refusal.message()).contains(Gateway.BODY_BYTES_MAX + " bytes");
  }

  @Test
  void depart_modelWithoutRoute_isRefused() {
    Refusal refusal =
        Gateway.of(Tenants.serving(Tenants.acme(), "gpt-*")).refusalOf("{\"model\":\"other\"}");
    assertThat(refusal)
        .extracting(Refusal::status, Refusal::code, Refusal::param)
        .containsExactly(404, "model_not_found", "model");
    assertThat(refusal.message()).doesNotContain("other");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"model":"m","messages":[{"content":"Hi"},{"content":"%s"}]}      | messages[1].content
          {"model":"m","messages":[{"content":[{"text":"a %s"}]}]}          | messages[0].content[0].text
          {"model":"m","private":{"%s":1}}                                  | *.*
          {"model":"m","messages":[{"tool_calls":[{"function":{"arguments":"{\\"a\\":\\"%s\\"}"}}]}]} | messages[0].tool_calls[0].function.arguments
          """)
  void depart_blockedEntity_isRefusedWithoutItsValue(String body, String param) {
    Gateway gateway =
        Gateway.of(
            Tenants.tenant(
                "acme", 1, Tenants.privacy(Map.of(EntityType.EMAIL, Action.BLOCK)), Tenants.KEY));
    Refusal refusal = gateway.refusalOf(body.replace("%s", MAIL));
    assertThat(refusal.status()).isEqualTo(403);
    assertThat(refusal.code()).isEqualTo("entity_blocked");
    assertThat(refusal.message()).contains("EMAIL", "1 found");
    assertThat(refusal.param()).isEqualTo(param);
    assertThat(refusal.toString()).doesNotContain("jane").doesNotContain("corp.example");
  }

  @Test
  void depart_anyClientHeader_onlyTheAllowListLeaves() throws Exception {
    List<Header> departed =
        Gateway.of()
            .send(
                "{\"model\":\"m\"}",
                new Header("accept", "text/event-stream"),
                new Header("cookie", "a=b"),
                new Header("openai-organization", "org-1"),
                new Header("x-request-id", "r-1"),
                new Header("x-forwarded-for", "203.0.113.9"))
            .departure()
            .headers();
    assertThat(departed)
        .containsExactly(
            new Header("content-type", "application/json"),
            new Header("accept", "text/event-stream"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "application/json; note=" + MAIL, ""})
  void depart_unusualAccept_leavesAsAnything(String accept) throws Exception {
    assertThat(
            Gateway.of()
                .send("{\"model\":\"m\"}", new Header("accept", accept))
                .departure()
                .headers())
        .contains(new Header("accept", "*/*"));
  }

  @Test
  void depart_path_isTheProvidersOwn() throws Exception {
    assertThat(
            Gateway.of().send("{\"model\":\"m\"}").departure().way().attempts().getFirst().path())
        .isEqualTo("/base/v1/chat/completions");
  }

  @Test
  void depart_providerWithoutStreamUsage_isNotAskedForIt() throws Exception {
    String body = "{\"model\":\"m\",\"stream\":true}";
    Sent sent = Gateway.of(Tenants.withoutStreamUsage(Tenants.acme())).send(body);
    assertThat(sent.upstream()).isEqualTo(body);
    assertThat(sent.departure().call().answer().usageAdded()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"url":"data:image/png;base64,iVBORw0KGgo="}     | 1
          {"input_audio":{"data":"UklGRg==","format":"wav"}} | 1
          {"file":{"file_data":"JVBERi0="}}                | 1
          {"url":"https://example.com/cat.png"}            | 0
          """)
  void depart_media_passesAndIsCounted(String part, int count) throws Exception {
    String body = "{\"model\":\"m\",\"messages\":[{\"content\":[" + part + "]}]}";
    Sent sent = Gateway.of().send(body);
    assertThat(sent.upstream()).isEqualTo(body);
    assertThat(sent.departure().call().found().entities())
        .isEqualTo(count == 0 ? Map.of() : Map.of("UNINSPECTED", count));
  }

  /** A client cannot talk its way around the inspection. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"url\":\"data:text/plain;base64,I am jane.doe@corp.example\"}",
        "{\"file_data\":\"I am jane.doe@corp.example\"}",
        "{\"file\":{\"file_data\":\"I am jane.doe@corp.example\"}}",
        "{\"input_audio\":{\"data\":\"I am jane.doe@corp.example\"}}",
        "{\"role\":\"jane.doe@corp.example\"}",
        "{\"id\":\"call_jane.doe@corp.example\"}",
        "{\"MODEL\":\"jane.doe@corp.example\"}",
        "{\"x\":{\"model\":\"jane.doe@corp.example\"}}",
        "{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"c\\\\\\\":\\\\\\\"jane.doe@corp.example\\\\\\\"}\\\"}\"}",
        "{\"a\":\"[[\\\"\\\\u006aane.doe@corp.example\\\"]]\"}",
        "{\"jane.doe@corp.example\":true}",
        "{\"enum\":[\"jane.doe@corp.example\"],\"default\":\"\\u006aane.doe@corp.example\"}",
        "\"jane.doe\\u0040corp.example\"",
      })
  void depart_valueInDisguise_isMasked(String value) throws Exception {
    Sent sent = Gateway.of().send("{\"model\":\"m\",\"x\":[" + value + "]}");
    assertThat(sent.departure().call().found().entities()).containsOnlyKeys("EMAIL");
    assertThat(sent.upstream()).doesNotContain("doe").doesNotContain("corp.example");
  }

  @Test
  void depart_rehydrateFalse_leavesSurrogatesInTheAnswer() throws Exception {
    Sent sent =
        Gateway.of()
            .send(
                "{\"model\":\"m\",\"x\":\"" + MAIL + "\"}",
                new Header("x-privacy-gateway-rehydrate", "false"));
    assertThat(sent.upstream()).doesNotContain(MAIL);
    assertThat(sent.answer(Sent.JSON, sent.upstream())).isEqualTo(sent.upstream());
    assertThat(sent.departure().call().found().entities()).containsEntry("EMAIL", 1);
  }

  @Test
  void depart_detectOnly_passesUntouchedAndCounts() throws Exception {
    TenantPolicy acme =
        Tenants.tenant(
            "acme", 1, Tenants.privacy(Map.of(EntityType.EMAIL, Action.BLOCK)), Tenants.KEY);
    String body = "{\"model\":\"m\",\"x\":\"Ask " + MAIL + ", or " + MAIL + "; call 10.1.2.3\"}";
    Sent sent = Gateway.of(Tenants.detecting(acme, DetectionPolicy.STANDARD, true)).send(body);

    assertThat(sent.upstream()).isEqualTo(body);
    assertThat(sent.departure().call().found().entities()).isEqualTo(Map.of("EMAIL", 2, "IP", 1));
    assertThat(sent.answering(200, Sent.JSON).headers())
        .contains(new Header("x-mantle-mode", "detect_only"));
    assertThat(sent.answer(Sent.JSON, body)).isEqualTo(body);
  }

  @Test
  void depart_enforced_saysNothingOfAMode() throws Exception {
    assertThat(
            Gateway.of().send("{\"model\":\"m\"}").answering(200, Sent.JSON).headers().stream()
                .map(Header::name))
        .doesNotContain("x-mantle-mode");
  }

  @Test
  void depart_tenantsOwnRules_areFollowed() throws Exception {
    DetectionPolicy rules =
        new DetectionPolicy(
            Recall.BALANCED,
            List.of(new DenyTerm(new Plaintext("Falcon"), EntityType.ORG)),
            List.of(new Plaintext(MAIL)),
            List.of(
                new CustomRecognizer(
                    "badge",
                    EntityType.NATIONAL_ID,
                    List.of("\\bB-[0-9]{5}\\b"),
                    List.of(),
                    List.of())),
            false);
    Sent sent =
        Gateway.of(Tenants.detecting(Tenants.acme(), rules, false))
            .send("{\"model\":\"m\",\"falcon\":\"FALCON by " + MAIL + ", badge B-12345\"}");

    assertThat(sent.upstream()).doesNotContainIgnoringCase("falcon").doesNotContain("B-12345");
    assertThat(sent.upstream()).contains(MAIL);
    assertThat(sent.departure().call().found().entities())
        .isEqualTo(Map.of("ORG", 2, "NATIONAL_ID", 1));
    assertThat(sent.answer(Sent.JSON, sent.upstream()))
        .isEqualTo("{\"model\":\"m\",\"falcon\":\"FALCON by " + MAIL + ", badge B-12345\"}");
  }

  @Test
  void depart_deepTierGivesNoAnswer_isRefusedWithoutAWordOfTheText() {
    String body = "{\"model\":\"m\",\"x\":\"hey this is jane doe\"}";
    Refusal tooLong = Gateway.of(deep(new DeepLimits(1_000, 1, 1, 20, 6))).refusalOf(body);
    assertThat(tooLong)
        .extracting(Refusal::status, Refusal::code, Refusal::retryable)
        .containsExactly(503, "deep_tier_too_long", false);
    Refusal failed = Gateway.of(deep(new DeepLimits(1_000, 1_000, 1, 20, 6))).refusalOf(body);
    assertThat(failed)
        .extracting(Refusal::status, Refusal::code, Refusal::retryable)
        .containsExactly(503, "deep_tier_unavailable", true);
    assertThat(tooLong + " " + failed).doesNotContain("jane");
  }

  /** Also where only is observed: what was not looked at is not known. */
  @Test
  void depart_detectOnlyAndDeepTierGivesNoAnswer_isRefused() {
    TenantPolicy observed = Tenants.detecting(Tenants.acme(), DetectionPolicy.STANDARD, true);
    Detector detector = deep(new DeepLimits(1_000, 1, 1, 20, 6)).privacy().examination().detector();
    assertThat(
            Gateway.of(Tenants.examinedBy(observed, detector))
                .refusalOf("{\"model\":\"m\",\"x\":\"hey this is jane doe\"}")
                .code())
        .isEqualTo("deep_tier_too_long");
  }

  private static TenantPolicy deep(DeepLimits limits) {
    return Tenants.examinedBy(
        Tenants.acme(),
        new DeepDetector(Detectors.standard(), new DeepTier(new BrokenModel(), limits)));
  }

  /** A model that can be asked and gives no answer. */
  private static final class BrokenModel implements TokenClassifier {
    @Override
    public Pieces split(String text) {
      throw DeepTierException.failed(new IllegalStateException("out of order"));
    }

    @Override
    public int piecesMax() {
      return 100;
    }

    @Override
    public List<Guess> classify(Pieces pieces, int from, int to) {
      throw new AssertionError("nothing was split");
    }

    @Override
    public void close() {}
  }

  /** The head of a good request with one header replaced. */
  private static RequestHead headWith(String name, String value) {
    List<Header> headers = new ArrayList<>(Gateway.chatHead().headers());
    headers.removeIf(header -> header.name().equals(name));
    if (!value.equals("-")) {
      headers.add(new Header(name, value));
    }
    return new RequestHead("POST", "/v1/chat/completions", headers, true);
  }
}
