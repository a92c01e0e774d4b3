package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.cli.demo.DemoProvider;
import io.mantle.gateway.ScriptedProvider.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The official Python client, fetched into the data folder once: it gets its real values back in
 * every shape it asks for, and an exception of its own for every refusal. All scenarios run in one
 * process of it; each test looks at one.
 */
@ExtendWith(SharedStack.class)
final class OpenAiClientIT {
  static final String VERSION = "3.51.0";
  private static final String EMAIL = "maria.garcia@nowhere.org";
  private static final String PROMPT =
      "I am Maria Garcia \ud83d\ude00. Write to " + EMAIL + " about 4111 1111 1111 1111, please.";
  private static final Queue<String> SEEN_BY_DEMO = new ConcurrentLinkedQueue<>();
  private static final CompletableFuture<Boolean> CANCELLED = new CompletableFuture<>();

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static JsonNode results;

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static String upstream;

  @BeforeAll
  static void runClient(GatewayStack gateway) throws Exception {
    PythonClient client = PythonClient.fetched("openai", VERSION);
    gateway.provider().answers(OpenAiClientIT::answer);
    try (DemoProvider demo =
        DemoProvider.start(
            (_, body) -> SEEN_BY_DEMO.add(new String(body, StandardCharsets.UTF_8)),
            Duration.ZERO)) {
      String provider = gateway.provider().baseUrl().toString();
      String strict = TestTenant.create(gateway, "openai-strict", provider);
      TestDatabase.update(
          gateway.database(),
          "INSERT INTO privacy_policy (tenant_id, actions) VALUES (?, '{\"EMAIL\":\"block\"}')",
          "openai-strict");
      TestDatabase.update(
          gateway.database(),
          "UPDATE route SET model_pattern = 'gpt-*' WHERE tenant_id = ?",
          "openai-strict");
      Until.holds(
          Duration.ofSeconds(5),
          "the strict tenant's policy",
          () -> gateway.chatAs(strict, Chat.saying(EMAIL)).status() == 403);
      String demoKey = TestTenant.create(gateway, "openai-demo", demo.baseUrl().toString());
      results =
          client.run(
              "openai_client.py",
              Map.of(
                  "BASE_URL",
                  gateway.baseUrl().toString(),
                  "PROMPT",
                  PROMPT,
                  "KEY",
                  GatewayStack.KEY,
                  "DEMO_KEY",
                  demoKey,
                  "STRICT_KEY",
                  strict,
                  "UNKNOWN_KEY",
                  "sk-mantle-nobody",
                  "PROVIDERS_KEY",
                  "sk-proj-1234567890"));
      upstream = gateway.provider().everyByte();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"whole", "streamed", "streamed_with_usage"})
  void text_isRestored(String scenario) {
    assertThat(results.at("/" + scenario + "/text").asText()).isEqualTo(PROMPT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "demo_streamed"})
  void text_ofTheDemoProvider_isRestored(String scenario) {
    assertThat(results.at("/" + scenario + "/text").asText()).endsWith(PROMPT);
  }

  @Test
  void providers_seeNoRealValue() {
    assertThat(upstream)
        .contains("/v1/chat/completions")
        .doesNotContain("Garcia", EMAIL, "4111 1111", GatewayStack.KEY);
    assertThat(SEEN_BY_DEMO).isNotEmpty();
    assertThat(String.join("", SEEN_BY_DEMO)).doesNotContain("Garcia", EMAIL, "4111 1111");
  }

  @Test
  void usage_isSeenOnlyByWhoAskedForIt() {
    assertThat(results.at("/streamed/usages")).isEmpty();
    assertThat(results.at("/streamed/without_choices").asInt()).isZero();
    assertThat(results.at("/streamed_with_usage/usages").toString()).isEqualTo("[18]");
    assertThat(results.at("/demo_streamed/usages")).isEmpty();
    assertThat(results.at("/whole/tokens").asInt()).isEqualTo(18);
  }

  @ParameterizedTest
  @ValueSource(strings = {"two", "two_streamed"})
  void twoChoices_areEachRestored(String scenario) {
    JsonNode texts = results.at("/" + scenario + "/texts");
    assertThat(texts.get(0).asText()).isEqualTo("0: " + PROMPT);
    assertThat(texts.get(1).asText()).isEqualTo("1: " + PROMPT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tools", "tools_streamed"})
  void toolArguments_areRestored(String scenario) {
    JsonNode call = results.at("/" + scenario);
    assertThat(call.path("name").asText()).isEqualTo("send_mail");
    assertThat(call.at("/arguments/text").asText()).isEqualTo(PROMPT);
  }

  @Test
  void headers_sayWhatWasDone() {
    JsonNode headers = results.at("/headers/headers");
    assertThat(headers.path("x-mantle-entities").asText())
        .contains("PERSON=1", "EMAIL=1", "CREDIT_CARD=1");
    assertThat(headers.path("x-mantle-provider").asText()).isEqualTo("demo");
    assertThat(results.at("/headers/id").asText()).isNotEmpty();
  }

  @Test
  void models_areTheTenants() {
    assertThat(results.at("/models/ids").toString()).isEqualTo("[\"gpt-test\",\"gpt-other\"]");
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
    JsonNode error = results.at("/" + scenario);
    assertThat(error.path("raised").asText()).as(error.toString()).isEqualTo(exception);
    assertThat(error.path("status").asInt()).isEqualTo(status);
    assertThat(error.path("code").asText()).isEqualTo(code);
    assertThat(error.path("id").asText()).isNotEmpty();
    assertThat(error.toString()).doesNotContain(EMAIL, "Garcia");
  }

  @Test
  void streamThatBreaks_isAnException() {
    assertThat(results.at("/stream_broken/raised").isNull())
        .as(results.at("/stream_broken").toString())
        .isFalse();
  }

  @Test
  void cancelledStream_isCancelledAtTheProvider() throws Exception {
    assertThat(results.at("/cancelled/first").asText()).isEqualTo("first\n");
    assertThat(CANCELLED.get(10, TimeUnit.SECONDS)).isTrue();
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
        CANCELLED.complete(wire.isLeft(Duration.ofSeconds(15)));
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
