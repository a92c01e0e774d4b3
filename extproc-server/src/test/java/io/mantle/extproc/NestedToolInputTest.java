package io.mantle.extproc;

import static io.mantle.extproc.scripted.SpokenText.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import io.mantle.extproc.scripted.SpokenText;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A tool's input that holds JSON texts within strings: valid at every depth as it leaves, and as it
 * comes back in the model's own call, in a whole answer and in a stream that is cut everywhere.
 */
class NestedToolInputTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CUTS_MAX = 250;

  /** Found anywhere; what a value needs escaped is in it. */
  private static final String PRIVATE =
      "jane.doe@corp.example lives at 742 Evergreen Terrace\nSpringfield, IL 62704\n"
          + "password: \"hT7\\kk29x/Qa\", card 4111 1111 1111 1111 \ud83d\ude00";

  private static final List<String> VALUES =
      List.of("jane.doe@corp.example", "742 Evergreen", "kk29x", "4111 1111");

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void chatArguments_nested_comeBackAsTheyWere(int depth) throws Exception {
    String arguments = nested(depth);
    Sent sent =
        Gateway.of()
            .send(
                """
                {"model":"m","messages":[{"role":"user","content":"go on"},{"role":"assistant","tool_calls":[\
                {"id":"call_1","type":"function","function":{"name":"f","arguments":%s}}]}],\
                "tools":[{"type":"function","function":{"name":"f","parameters":{}}}]}"""
                    .formatted(quoted(arguments)));
    String seen =
        JSON.readTree(sent.departure().body())
            .at("/messages/1/tool_calls/0/function/arguments")
            .asText();
    assertMasked(sent, seen, depth);

    String whole =
        "{\"choices\":[{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":%s}}]}}]}"
            .formatted(quoted(seen));
    assertThat(
            JSON.readTree(sent.answer(Sent.JSON, whole))
                .at("/choices/0/message/tool_calls/0/function/arguments")
                .asText())
        .isEqualTo(arguments);

    StringBuilder stream = new StringBuilder();
    for (String piece : SpokenText.pieces(seen, new Random(depth), 9)) {
      stream.append(SpokenText.arguments(0, piece));
    }
    stream.append(SpokenText.finish(0)).append("data: [DONE]\n\n");
    byte[] bytes = stream.toString().getBytes(UTF_8);
    for (int cut = 0; cut <= bytes.length; cut += 1 + bytes.length / CUTS_MAX) {
      assertThat(SpokenText.heard(sent.answer(Sent.SSE, bytes, cut)))
          .containsEntry("0.tool_calls[0].arguments", arguments);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void anthropicInput_nested_comesBackAsItWas(int depth) throws Exception {
    String input = nested(depth);
    Sent sent =
        Gateway.of()
            .sendTo(
                "/v1/messages",
                """
                {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"go on"},{"role":"assistant",\
                "content":[{"type":"tool_use","id":"toolu_1","name":"f","input":%s}]}],\
                "tools":[{"name":"f","input_schema":{"type":"object"}}]}"""
                    .formatted(input));
    String seen =
        JSON.readTree(sent.departure().body()).at("/messages/1/content/0/input").toString();
    assertMasked(sent, seen, depth);

    String whole =
        "{\"type\":\"message\",\"content\":[{\"type\":\"tool_use\",\"name\":\"f\",\"input\":%s}]}"
            .formatted(seen);
    assertThat(JSON.readTree(sent.answer(Sent.JSON, whole)).at("/content/0/input"))
        .isEqualTo(JSON.readTree(input));

    StringBuilder stream =
        new StringBuilder(
            event(
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":"
                    + "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"f\",\"input\":{}}}"));
    for (String piece : SpokenText.pieces(seen, new Random(depth), 9)) {
      stream.append(
          event(
              "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\","
                  + "\"partial_json\":%s}}".formatted(quoted(piece))));
    }
    stream.append(event("{\"type\":\"content_block_stop\",\"index\":0}"));
    byte[] bytes = stream.toString().getBytes(UTF_8);
    for (int cut = 0; cut <= bytes.length; cut += 1 + bytes.length / CUTS_MAX) {
      StringBuilder heard = new StringBuilder();
      for (String line : new String(sent.answer(Sent.SSE, bytes, cut), UTF_8).split("\n", -1)) {
        if (line.startsWith("data: ")) {
          heard.append(JSON.readTree(line.substring(6)).at("/delta/partial_json").asText());
        }
      }
      assertThat(JSON.readTree(heard.toString())).isEqualTo(JSON.readTree(input));
    }
  }

  private static void assertMasked(Sent sent, String seen, int depth) throws Exception {
    VALUES.forEach(value -> assertThat(sent.upstream()).doesNotContain(value));
    JsonNode level = JSON.readTree(seen);
    for (int i = 1; i < depth; i++) {
      level = JSON.readTree(level.get("body").asText());
    }
    assertThat(level.get("text").asText()).contains("lives at").doesNotContain(PRIVATE);
  }

  private static String nested(int depth) {
    ObjectNode object = JSON.createObjectNode().put("to", PRIVATE).put("n", 1.5);
    return (depth == 1 ? object.put("text", PRIVATE) : object.put("body", nested(depth - 1)))
        .toString();
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }
}
