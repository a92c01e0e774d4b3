package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.gateway.ScriptedProvider.Wire;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
 * Anthropic's official clients through the whole gateway. All scenarios run in one process of each;
 * each test looks at one.
 */
@ParameterizedClass
@EnumSource(OfficialClient.class)
@ExtendWith(SharedStack.class)
final class AnthropicClientIT {
  private static final String SIGNATURE = "c2lnbmF0dXJl";

  /** Blocks of thinking that came back to the provider. */
  private static final Queue<JsonNode> SEEN_AGAIN = new ConcurrentLinkedQueue<>();

  @SuppressWarnings("NullAway.Init") // before each language
  private static ClientRun run;

  @SuppressWarnings("NullAway.Init") // by JUnit
  @Parameter
  private OfficialClient client;

  @BeforeParameterizedClassInvocation
  static void runClient(OfficialClient client, GatewayStack gateway) throws Exception {
    SEEN_AGAIN.clear();
    String tenant = "anthropic-" + client;
    String provider = gateway.provider().baseUrl().toString();
    run =
        ClientRun.of(
            client,
            "anthropic_client",
            gateway,
            URI.create("http://127.0.0.1:" + gateway.port()),
            AnthropicClientIT::answer,
            demo ->
                Map.of(
                    "KEY",
                    TestTenant.create(gateway, tenant, provider, "anthropic"),
                    "DEMO_KEY",
                    TestTenant.create(gateway, tenant + "-demo", demo.toString(), "anthropic"),
                    "PROVIDERS_KEY",
                    "sk-ant-api03-1234567890"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"whole", "streamed", "demo", "demo_streamed"})
  void text_isRestored(String scenario) {
    assertThat(run.at(scenario + "/text").asText())
        .as("by the client in %s", client)
        .endsWith(ClientRun.PROMPT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"streamed", "demo_streamed"})
  void stream_comesInPieces(String scenario) {
    assertThat(run.at(scenario + "/pieces").asText()).endsWith(ClientRun.PROMPT);
    assertThat(run.at(scenario + "/count").asInt()).isGreaterThan(5);
  }

  @Test
  void providers_seeNoRealValue() {
    assertThat(run.upstream()).contains("/v1/messages").doesNotContain(ClientRun.PRIVATE);
    assertThat(run.seenByDemo()).isNotEmpty();
    assertThat(String.join("", run.seenByDemo())).doesNotContain(ClientRun.PRIVATE);
  }

  @Test
  void upstream_getsTheVersionAndNothingOfTheClient() {
    assertThat(run.upstream())
        .containsPattern("anthropic-version: 20[0-9]{2}-[0-9]{2}-[0-9]{2}")
        .doesNotContain(
            "sk-mantle", "authorization", "x-stainless", "Anthropic/Python", "Anthropic/JS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tools", "tools_streamed"})
  void toolInput_isRestored(String scenario) {
    assertThat(run.at(scenario + "/name").asText()).isEqualTo("send_mail");
    assertThat(run.at(scenario + "/input/text").asText()).isEqualTo(ClientRun.PROMPT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"thinking", "thinking_streamed"})
  void thinking_isUnrestoredAndGoesBackAsTheProviderSignedIt(String scenario) {
    JsonNode thinking = run.at(scenario);
    assertThat(thinking.path("text").asText()).isEqualTo(ClientRun.PROMPT);
    assertThat(thinking.path("thinking").asText())
        .isNotEmpty()
        .doesNotContain("Garcia", ClientRun.EMAIL);
    assertThat(SEEN_AGAIN)
        .hasSize(2)
        .allSatisfy(
            block -> {
              assertThat(block.path("thinking")).isEqualTo(thinking.path("thinking"));
              assertThat(block.path("signature").asText()).isEqualTo(SIGNATURE);
            });
    assertThat(thinking.at("/changed/status").asInt()).isEqualTo(400);
    assertThat(thinking.at("/changed/body/error/message").asText()).contains("signed_elsewhere");
  }

  @Test
  void usage_isTheProviders() {
    assertThat(run.at("whole/usage").toString()).isEqualTo("[11,7]");
    assertThat(run.at("streamed/usage").toString()).isEqualTo("[11,7]");
    assertThat(run.at("tokens").asInt()).isPositive();
  }

  @Test
  void headers_sayWhatWasDone() {
    assertThat(run.at("headers/x-mantle-entities").asText())
        .contains("PERSON=1", "EMAIL=1", "CREDIT_CARD=1");
  }

  @Test
  void models_areThoseOfTheTenantsAnthropicProviders() {
    assertThat(run.at("models").toString()).isEqualTo("[\"gpt-test\"]");
    assertThat(run.at("model").asText()).isEqualTo("gpt-test");
  }

  @ParameterizedTest
  @CsvSource({
    "unknown_key, AuthenticationError, 401, authentication_error",
    "providers_key, AuthenticationError, 401, authentication_error",
    "unknown_model, NotFoundError, 404, not_found_error",
    "overloaded, OverloadedError, 529, overloaded_error"
  })
  void refusal_isAnExceptionOfTheClients(
      String scenario, String exception, int status, String type) {
    JsonNode error = run.at(scenario);
    assertThat(error.path("raised").asText()).as(error.toString()).isEqualTo(exception);
    assertThat(error.path("status").asInt()).isEqualTo(status);
    assertThat(error.at("/body/type").asText()).isEqualTo("error");
    assertThat(error.at("/body/error/type").asText()).isEqualTo(type);
  }

  /** Envoy says this one, in a shape for every client. */
  @Test
  void bodyTooLarge_isAnExceptionOfTheClients() {
    JsonNode error = run.at("too_large");
    assertThat(error.path("status").asInt()).as(error.toString()).isEqualTo(413);
    assertThat(error.at("/body/type").asText()).isEqualTo("error");
    assertThat(error.at("/body/error/message").asText()).matches(".*larger than [0-9]+ bytes.*");
  }

  @Test
  void streamThatFails_isAnException() {
    assertThat(run.at("stream_overloaded/raised").isNull())
        .as(run.at("stream_overloaded").toString())
        .isFalse();
  }

  /** The provider: what it does depends on the model. */
  private static void answer(ScriptedProvider.Received request, Wire wire) throws Exception {
    JsonNode asked = Chat.JSON.readTree(request.body());
    String prompt = Chat.prompt(request.body());
    boolean streamed = asked.path("stream").asBoolean();
    switch (asked.path("model").asText()) {
      case "tools" -> {
        String input = Chat.JSON.createObjectNode().put("text", prompt).toString();
        if (streamed) {
          begin(wire);
          block(
              wire,
              0,
              "{'type':'tool_use','id':'toolu_1','name':'send_mail','input':{}}",
              "input_json_delta",
              "partial_json",
              input);
          end(wire);
        } else {
          wire.json(
              200,
              message(
                  "{'type':'tool_use','id':'toolu_1','name':'send_mail','input':" + input + "}"));
        }
      }
      case "thinking" -> {
        String thought = "They said: " + prompt;
        if (streamed) {
          begin(wire);
          start(wire, 0, "{'type':'thinking','thinking':'','signature':''}");
          pieces(wire, 0, "thinking_delta", "thinking", thought);
          delta(wire, 0, "signature_delta", "signature", SIGNATURE);
          stop(wire, 0);
          block(wire, 1, TEXT, "text_delta", "text", prompt);
          end(wire);
        } else {
          wire.json(
              200,
              message(
                  "{'type':'thinking','thinking':%s,'signature':'%s'},{'type':'text','text':%s}"
                      .formatted(quoted(thought), SIGNATURE, quoted(prompt))));
        }
      }
      case "seen" -> {
        SEEN_AGAIN.add(asked.at("/messages/1/content/0"));
        wire.json(200, message("{'type':'text','text':'seen'}"));
      }
      case "overloaded" ->
          wire.json(
              529, json("{'type':'error','error':{'type':'overloaded_error','message':'Later.'}}"));
      case "overloaded_within" -> {
        begin(wire);
        start(wire, 0, TEXT);
        event(wire, "{'type':'error','error':{'type':'overloaded_error','message':'Later.'}}");
        wire.end();
      }
      default -> {
        if (streamed) {
          begin(wire);
          block(wire, 0, TEXT, "text_delta", "text", prompt);
          end(wire);
        } else {
          wire.json(200, message("{'type':'text','text':" + quoted(prompt) + "}"));
        }
      }
    }
  }

  private static final String TEXT = "{'type':'text','text':''}";
  private static final String MESSAGE =
      "{'id':'msg_1','type':'message','role':'assistant','model':'m','content':[%s],'stop_reason':%s,"
          + "'stop_sequence':null,'usage':{'input_tokens':11,'output_tokens':7}}";

  private static String message(String blocks) {
    return json(MESSAGE.formatted(blocks, "'end_turn'"));
  }

  private static void begin(Wire wire) throws IOException {
    wire.beginEvents();
    event(wire, "{'type':'message_start','message':" + MESSAGE.formatted("", "null") + "}");
  }

  private static void end(Wire wire) throws IOException {
    event(
        wire,
        "{'type':'message_delta','delta':{'stop_reason':'end_turn','stop_sequence':null},'usage':{'output_tokens':7}}");
    event(wire, "{'type':'message_stop'}");
    wire.end();
  }

  private static void block(
      Wire wire, int index, String block, String type, String member, String text)
      throws IOException {
    start(wire, index, block);
    pieces(wire, index, type, member, text);
    stop(wire, index);
  }

  private static void pieces(Wire wire, int index, String type, String member, String text)
      throws IOException {
    for (String piece : Chat.pieces(text, 4)) {
      delta(wire, index, type, member, piece);
    }
  }

  private static void start(Wire wire, int index, String block) throws IOException {
    event(
        wire, "{'type':'content_block_start','index':" + index + ",'content_block':" + block + "}");
  }

  private static void stop(Wire wire, int index) throws IOException {
    event(wire, "{'type':'content_block_stop','index':" + index + "}");
  }

  private static void delta(Wire wire, int index, String type, String member, String text)
      throws IOException {
    ObjectNode event = Chat.JSON.createObjectNode().put("type", "content_block_delta");
    event.put("index", index).putObject("delta").put("type", type).put(member, text);
    send(wire, event.toString());
  }

  private static void event(Wire wire, String event) throws IOException {
    send(wire, json(event));
  }

  private static void send(Wire wire, String event) throws IOException {
    String type = Chat.JSON.readTree(event).path("type").asText();
    wire.piece("event: " + type + "\ndata: " + event + "\n\n");
  }

  /** JSON is written with apostrophes here; no text of the tests has one. */
  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static String quoted(String text) {
    return Chat.JSON.getNodeFactory().textNode(text).toString();
  }
}
