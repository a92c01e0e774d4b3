package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.gateway.ScriptedProvider.Wire;
import java.io.IOException;
import java.util.Map;
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
 * OpenAI's official clients on all endpoints but chat completions, through the whole gateway. All
 * scenarios run in one process of each; each test looks at one.
 */
@ParameterizedClass
@EnumSource(OfficialClient.class)
@ExtendWith(SharedStack.class)
final class OpenAiEndpointsIT {

  @SuppressWarnings("NullAway.Init") // before each language
  private static ClientRun run;

  @SuppressWarnings("NullAway.Init") // by JUnit
  @Parameter
  private OfficialClient client;

  @BeforeParameterizedClassInvocation
  static void runClient(OfficialClient client, GatewayStack gateway) throws Exception {
    run =
        ClientRun.of(
            client,
            "openai_endpoints",
            gateway,
            gateway.baseUrl(),
            OpenAiEndpointsIT::answer,
            demo ->
                Map.of(
                    "KEY",
                    GatewayStack.KEY,
                    "DEMO_KEY",
                    TestTenant.create(gateway, "endpoints-demo-" + client, demo.toString())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "response",
        "response_parts",
        "response_streamed",
        "completion",
        "completion_streamed"
      })
  void text_isRestored(String scenario) {
    assertThat(run.at(scenario + "/text").asText())
        .as("by the client in %s", client)
        .endsWith(ClientRun.PROMPT);
  }

  @Test
  void response_streamed_comesInPiecesAndInOrder() {
    JsonNode streamed = run.at("response_streamed");
    assertThat(streamed.path("pieces").asText()).isEqualTo(streamed.path("text").asText());
    assertThat(streamed.path("in_order").asBoolean()).isTrue();
  }

  @Test
  void toolArguments_areRestored() {
    JsonNode tool = run.at("tool_streamed");
    assertThat(tool.at("/arguments/text").asText()).isEqualTo(ClientRun.PROMPT);
    assertThat(tool.at("/done/text").asText()).isEqualTo(ClientRun.PROMPT);
  }

  @Test
  void storedResponse_isAskedForAndDeletedAtTheProvider() {
    assertThat(run.at("retrieved").asText()).isEqualTo("resp_67ccd2bed1ec8190");
    assertThat(run.at("deleted").asBoolean()).isTrue();
    assertThat(run.upstream())
        .contains("GET /v1/responses/resp_67ccd2bed1ec8190 HTTP/1.1")
        .contains("DELETE /v1/responses/resp_67ccd2bed1ec8190 HTTP/1.1")
        .contains("Bearer " + GatewayStack.PROVIDER_KEY);
  }

  @Test
  void embedding_isTheProvidersOfMaskedText() {
    assertThat(run.at("embedding").toString()).isEqualTo("[0.25,-0.5]");
    assertThat(run.upstream()).contains("/v1/embeddings");
  }

  @Test
  void model_isTheTenants() {
    assertThat(run.at("model").asText()).isEqualTo("gpt-test");
  }

  @ParameterizedTest
  @CsvSource({"not_an_id, response_not_found", "no_model, model_not_found"})
  void refusal_isAnExceptionOfTheClients(String scenario, String code) {
    assertThat(run.at(scenario + "/raised").asText()).isEqualTo("NotFoundError");
    assertThat(run.at(scenario + "/code").asText()).isEqualTo(code);
  }

  @Test
  void provider_seesNoRealValue() {
    assertThat(run.upstream()).doesNotContain(ClientRun.PRIVATE).doesNotContain(GatewayStack.KEY);
  }

  private static void answer(ScriptedProvider.Received request, Wire wire) throws Exception {
    String path = request.head().split(" ", 3)[1];
    if (path.startsWith("/v1/responses/")) {
      String id = path.substring("/v1/responses/".length());
      wire.json(200, "{\"id\":\"" + id + "\",\"object\":\"response\",\"output\":[]}");
      return;
    }
    JsonNode asked = Chat.JSON.readTree(request.body());
    switch (path) {
      case "/v1/embeddings" ->
          wire.json(
              200,
              "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.25,-0.5]}],"
                  + "\"model\":\"m\",\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}");
      case "/v1/responses" -> streamTool(asked.path("input").asText(), wire);
      default -> complete(asked, wire);
    }
  }

  private static void complete(JsonNode asked, Wire wire) throws IOException {
    String prompt = asked.path("prompt").asText();
    if (!asked.path("stream").asBoolean()) {
      wire.json(200, completion(prompt));
      return;
    }
    wire.beginEvents();
    for (String piece : Chat.pieces(prompt, 5)) {
      wire.event(completion(piece));
    }
    wire.event("[DONE]");
    wire.end();
  }

  private static String completion(String text) {
    ObjectNode answer =
        Chat.JSON.createObjectNode().put("id", "cmpl-1").put("object", "text_completion");
    answer.putArray("choices").addObject().put("index", 0).put("text", text);
    return answer.toString();
  }

  private static void streamTool(String prompt, Wire wire) throws IOException {
    String arguments = Chat.JSON.createObjectNode().put("text", prompt).toString();
    wire.beginEvents();
    int number = 0;
    ObjectNode added = tool("response.output_item.added", number++);
    added
        .putObject("item")
        .put("type", "function_call")
        .put("id", "fc_1")
        .put("call_id", "call_1")
        .put("name", "send_mail")
        .put("arguments", "");
    wire.event(added.toString());
    for (String piece : Chat.pieces(arguments, 3)) {
      wire.event(
          tool("response.function_call_arguments.delta", number++).put("delta", piece).toString());
    }
    wire.event(
        tool("response.function_call_arguments.done", number)
            .put("arguments", arguments)
            .toString());
    wire.end();
  }

  private static ObjectNode tool(String type, int number) {
    return Chat.JSON
        .createObjectNode()
        .put("type", type)
        .put("sequence_number", number)
        .put("item_id", "fc_1")
        .put("output_index", 0);
  }
}
