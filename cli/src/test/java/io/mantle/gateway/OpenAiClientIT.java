package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.gateway.ScriptedProvider.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * OpenAI's official clients on chat completions: they get their real values back in every shape
 * they ask for, and an exception of their own for every refusal. All scenarios run in one process
 * of each; each test looks at one.
 */
@ParameterizedClass
@EnumSource(OfficialClient.class)
@ExtendWith(SharedStack.class)
final class OpenAiClientIT {
  private static CompletableFuture<Boolean> cancelled = new CompletableFuture<>();

  @SuppressWarnings("NullAway.Init") // before each language
  private static ClientRun run;

  @SuppressWarnings("NullAway.Init") // by JUnit
  @Parameter
  private OfficialClient client;

  @BeforeParameterizedClassInvocation
  static void runClient(OfficialClient client, GatewayStack gateway) throws Exception {
    cancelled = new CompletableFuture<>();
    run =
        ClientRun.of(
            client,
            "openai_client",
            gateway,
            gateway.baseUrl(),
            OpenAiClientIT::answer,
            demo ->
                Map.of(
                    "KEY",
                    GatewayStack.KEY,
                    "DEMO_KEY",
                    TestTenant.create(gateway, "openai-demo-" + client, demo.toString()),
                    "STRICT_KEY",
                    strictKey(gateway, "openai-strict-" + client),
                    "PROVIDERS_KEY",
                    "sk-proj-1234567890"));
  }

  /** Of a tenant whose e-mail addresses may not leave, and that has only one family of models. */
  private static String strictKey(GatewayStack gateway, String tenant) throws Exception {
    String key = TestTenant.create(gateway, tenant, gateway.provider().baseUrl().toString());
    TestDatabase.update(
        gateway.database(),
        "INSERT INTO privacy_policy (tenant_id, actions) VALUES (?, '{\"EMAIL\":\"block\"}')",
        tenant);
    TestDatabase.update(
        gateway.database(), "UPDATE route SET model_pattern = 'gpt-*' WHERE tenant_id = ?", tenant);
    Until.holds(
        Duration.ofSeconds(5),
        "the strict tenant's policy",
        () -> gateway.chatAs(key, Chat.saying(ClientRun.EMAIL)).status() == 403);
    return key;
  }

  @ParameterizedTest
  @ValueSource(strings = {"whole", "streamed", "streamed_with_usage"})
  void text_isRestored(String scenario) {
    assertThat(run.at(scenario + "/text").asText())
        .as("by the client in %s", client)
        .isEqualTo(ClientRun.PROMPT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "demo_streamed"})
  void text_ofTheDemoProvider_isRestored(String scenario) {
    assertThat(run.at(scenario + "/text").asText())
        .as("by the client in %s", client)
        .endsWith(ClientRun.PROMPT);
  }

  @Test
  void providers_seeNoRealValue() {
    assertThat(run.upstream())
        .contains("/v1/chat/completions")
        .doesNotContain(ClientRun.PRIVATE)
        .doesNotContain(GatewayStack.KEY);
    assertThat(run.seenByDemo()).isNotEmpty();
    assertThat(String.join("", run.seenByDemo())).doesNotContain(ClientRun.PRIVATE);
  }

  @Test
  void usage_isSeenOnlyByWhoAskedForIt() {
    assertThat(run.at("streamed/usages")).isEmpty();
    assertThat(run.at("streamed/without_choices").asInt()).isZero();
    assertThat(run.at("streamed_with_usage/usages").toString()).isEqualTo("[18]");
    assertThat(run.at("demo_streamed/usages")).isEmpty();
    assertThat(run.at("whole/tokens").asInt()).isEqualTo(18);
  }

  @ParameterizedTest
  @ValueSource(strings = {"two", "two_streamed"})
  void twoChoices_areEachRestored(String scenario) {
    JsonNode texts = run.at(scenario + "/texts");
    assertThat(texts.get(0).asText()).isEqualTo("0: " + ClientRun.PROMPT);
    assertThat(texts.get(1).asText()).isEqualTo("1: " + ClientRun.PROMPT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tools", "tools_streamed"})
  void toolArguments_areRestored(String scenario) {
    JsonNode call = run.at(scenario);
    assertThat(call.path("name").asText()).isEqualTo("send_mail");
    assertThat(call.at("/arguments/text").asText()).isEqualTo(ClientRun.PROMPT);
  }

  @Test
  void headers_sayWhatWasDone() {
    JsonNode headers = run.at("headers/headers");
    assertThat(headers.path("x-mantle-entities").asText())
        .contains("PERSON=1", "EMAIL=1", "CREDIT_CARD=1");
    assertThat(headers.path("x-mantle-provider").asText()).isEqualTo("demo");
    assertThat(run.at("headers/id").asText()).isNotEmpty();
  }

  @Test
  void models_areTheTenants() {
    assertThat(run.at("models/ids").toString()).isEqualTo("[\"gpt-test\",\"gpt-other\"]");
  }

  @ParameterizedTest
  @CsvSource({
    "unknown_key, AuthenticationError, 401, invalid_api_key",
    "providers_key, AuthenticationError, 401, not_a_mantle_key",
    "unknown_endpoint, NotFoundError, 404, unknown_endpoint",
    "unknown_model, NotFoundError, 404, model_not_found",
    "blocked, PermissionDeniedError, 403, entity_blocked",
    "bad_request, BadRequestError, 400, invalid_conversation",
    "rate_limited, RateLimitError, 429, slow_down",
    "provider_broken, InternalServerError, 502, bad_gateway"
  })
  void refusal_isAnExceptionOfTheClients(
      String scenario, String exception, int status, String code) {
    JsonNode error = run.at(scenario);
    assertThat(error.path("raised").asText()).as(error.toString()).isEqualTo(exception);
    assertThat(error.path("status").asInt()).isEqualTo(status);
    assertThat(error.path("code").asText()).isEqualTo(code);
    assertThat(error.path("id").asText()).isNotEmpty();
    assertThat(error.toString()).doesNotContain(ClientRun.EMAIL, "Garcia");
  }

  @Test
  void streamThatBreaks_isAnException() {
    assertThat(run.at("stream_broken/raised").isNull())
        .as(run.at("stream_broken").toString())
        .isFalse();
  }

  @Test
  void cancelledStream_isCancelledAtTheProvider() throws Exception {
    assertThat(run.at("cancelled/first").asText()).isEqualTo("first\n");
    assertThat(cancelled.get(10, TimeUnit.SECONDS)).isTrue();
  }

  /** The provider: what it does depends on the model. */
  private static void answer(ScriptedProvider.Received request, Wire wire) throws Exception {
    JsonNode asked = Chat.JSON.readTree(request.body());
    String prompt = Chat.prompt(request.body());
    boolean streamed = asked.path("stream").asBoolean();
    int choices = asked.path("n").asInt(1);
    switch (asked.path("model").asText()) {
      case "tools" -> answerWithTool(prompt, streamed, wire);
      case "endless" -> {
        wire.beginEvents();
        wire.event(Chat.chunk("first\n"));
        cancelled.complete(wire.isLeft(Duration.ofSeconds(15)));
      }
      case "limited" ->
          wire.json(
              429,
              "{\"error\":{\"message\":\"Slow down.\",\"type\":\"requests\",\"param\":null,\"code\":\"slow_down\"}}");
      case "broken" -> {
        if (streamed) {
          wire.beginEvents();
          wire.event(Chat.chunk(prompt));
          wire.reset();
        } else {
          wire.write("not HTTP\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        }
      }
      default -> {
        if (streamed) {
          stream(prompt, choices, wire);
        } else {
          wire.json(200, choices(prompt, choices));
        }
      }
    }
  }

  private static String choices(String prompt, int count) throws IOException {
    ObjectNode answer = (ObjectNode) Chat.JSON.readTree(Chat.answer(prompt));
    if (count > 1) {
      var all = answer.putArray("choices");
      for (int i = 0; i < count; i++) {
        ObjectNode choice =
            (ObjectNode) Chat.JSON.readTree(Chat.answer(i + ": " + prompt)).at("/choices/0");
        all.add(choice.put("index", i));
      }
    }
    return answer.toString();
  }

  /** Choices take turns, piece by piece; usage is told, since it was asked for. */
  private static void stream(String prompt, int count, Wire wire) throws IOException {
    wire.beginEvents();
    List<String> pieces = Chat.pieces(count > 1 ? ": " + prompt : prompt, 4);
    for (int i = 0; count > 1 && i < count; i++) {
      wire.event(ofChoice(Chat.chunk(Integer.toString(i)), i));
    }
    for (String piece : pieces) {
      for (int i = 0; i < count; i++) {
        wire.event(ofChoice(Chat.chunk(piece), i));
      }
    }
    for (int i = 0; i < count; i++) {
      wire.event(ofChoice(Chat.lastChunk(), i));
    }
    wire.event(Chat.usageChunk());
    wire.event("[DONE]");
    wire.end();
  }

  private static String ofChoice(String chunk, int index) throws IOException {
    ObjectNode changed = (ObjectNode) Chat.JSON.readTree(chunk);
    ((ObjectNode) changed.at("/choices/0")).put("index", index);
    return changed.toString();
  }

  private static void answerWithTool(String prompt, boolean streamed, Wire wire)
      throws IOException {
    String arguments = Chat.JSON.createObjectNode().put("to", "x").put("text", prompt).toString();
    if (!streamed) {
      ObjectNode answer = (ObjectNode) Chat.JSON.readTree(Chat.answer(""));
      ObjectNode message = (ObjectNode) answer.at("/choices/0/message");
      message.putNull("content");
      toolCall(message, arguments).put("id", "call_12345678");
      wire.json(200, answer.toString());
      return;
    }
    wire.beginEvents();
    boolean first = true;
    for (String piece : Chat.pieces(arguments, 3)) {
      ObjectNode chunk = (ObjectNode) Chat.JSON.readTree(Chat.lastChunk());
      ((ObjectNode) chunk.at("/choices/0")).putNull("finish_reason");
      ObjectNode call = toolCall((ObjectNode) chunk.at("/choices/0/delta"), piece);
      if (first) {
        ((ObjectNode) chunk.at("/choices/0/delta")).put("role", "assistant");
        call.put("id", "call_12345678");
      } else {
        ((ObjectNode) call.path("function")).remove("name");
      }
      wire.event(chunk.toString());
      first = false;
    }
    wire.event(Chat.lastChunk().replace("\"stop\"", "\"tool_calls\""));
    wire.event("[DONE]");
    wire.end();
  }

  private static ObjectNode toolCall(ObjectNode message, String arguments) {
    ObjectNode call = message.putArray("tool_calls").addObject().put("index", 0);
    call.put("type", "function");
    call.putObject("function").put("name", "send_mail").put("arguments", arguments);
    return call;
  }
}
