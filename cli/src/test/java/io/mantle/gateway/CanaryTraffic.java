package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.gateway.CanaryValues.Batch;
import io.mantle.gateway.CanaryValues.Value;
import io.mantle.gateway.ScriptedProvider.Received;
import io.mantle.gateway.ScriptedProvider.Wire;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Requests with canaries in every place that a request has, and a provider that answers as the
 * request's model asks.
 */
final class CanaryTraffic {
  /** Longer than Envoy waits for a first byte here. */
  private static final Duration TOO_LONG = Duration.ofSeconds(20);

  private final GatewayStack gateway;

  /** Requests at the provider that get no answer. */
  private final AtomicInteger held = new AtomicInteger();

  CanaryTraffic(GatewayStack gateway) {
    this.gateway = gateway;
  }

  AtomicInteger held() {
    return held;
  }

  /** A chat completion that has canaries in its texts, tools, keys, and besides. */
  static ObjectNode chat(String model, Batch batch) {
    List<Value> forms = batch.byForm();
    ObjectNode request = Chat.JSON.createObjectNode().put("model", model);
    ArrayNode messages = request.putArray("messages");
    message(messages, "system", "You keep records. " + batch.byWords().getFirst().sentence());
    List<String> said =
        Stream.concat(batch.byWords().stream().skip(1), forms.stream().limit(4))
            .map(Value::sentence)
            .toList();
    message(messages, "user", String.join("\n", said));
    ObjectNode call = messages.addObject().put("role", "assistant").putNull("content");
    ObjectNode tool = call.putArray("tool_calls").addObject().put("id", "call_1");
    ObjectNode arguments = Chat.JSON.createObjectNode().put("to", forms.get(4).text());
    arguments.putArray(forms.get(5).text()).add(forms.get(6).text());
    tool.put("type", "function")
        .putObject("function")
        .put("name", "find")
        .put("arguments", arguments.toString());
    message(messages, "tool", Chat.JSON.createObjectNode().put("row", forms.get(7).text()) + "")
        .put("tool_call_id", "call_1");
    messages
        .addObject()
        .put("role", "user")
        .putArray("content")
        .addObject()
        .put("type", "text")
        .put("text", forms.get(8).sentence());
    request.put("user", forms.get(9).text());
    request.putObject("metadata").put("note", forms.get(10).text());
    ObjectNode function = request.putArray("tools").addObject().put("type", "function");
    ObjectNode schema = function.putObject("function").put("name", "find").putObject("parameters");
    schema.put("type", "object");
    schema.putObject("properties").putObject("to").putArray("enum").add(forms.get(11).text());
    return request;
  }

  private static ObjectNode message(ArrayNode messages, String role, String content) {
    return messages.addObject().put("role", role).put("content", content);
  }

  /** A message of Anthropic's. */
  static ObjectNode messages(String model, Batch batch) {
    ObjectNode request = Chat.JSON.createObjectNode().put("model", model).put("max_tokens", 100);
    request.put("system", batch.byWords().getFirst().sentence());
    message(request.putArray("messages"), "user", batch.sentences());
    request.putObject("metadata").put("user_id", batch.byForm().getFirst().text());
    return request;
  }

  /** What every request has besides its body: canaries where nobody should look. */
  static String[] headers(Batch batch) {
    return new String[] {
      "user-agent: " + batch.byWords().getFirst().text(),
      "cookie: session=" + batch.byForm().getFirst().text(),
      "x-forwarded-user: " + batch.byForm().get(1).text(),
      "referer: http://" + batch.byForm().get(2).text().replaceAll("[^a-zA-Z0-9.]", "") + "/",
      "tracestate: vendor=" + batch.byForm().get(3).text(),
      "baggage: user=" + batch.byForm().get(4).text(),
      "x-request-id: " + batch.byForm().get(5).text(),
      "openai-organization: " + batch.byForm().get(6).text()
    };
  }

  static String query(Batch batch) {
    return "?user=" + URLEncoder.encode(batch.byForm().get(7).text(), StandardCharsets.UTF_8);
  }

  RawClient.Answer post(String key, String path, String body, Batch batch, String... more)
      throws IOException {
    try (RawClient client = open(key, path, body.getBytes(StandardCharsets.UTF_8), batch, more)) {
      return client.answer();
    }
  }

  RawClient open(String key, String path, byte[] body, Batch batch, String... more)
      throws IOException {
    String[] headers =
        Stream.concat(Stream.of(headers(batch)), Stream.of(more)).toArray(String[]::new);
    RawClient client = RawClient.connect(gateway.port());
    client.write(RawClient.request("POST", path + query(batch), key, body, headers));
    return client;
  }

  /** Sends one and has it hang at the provider. */
  RawClient hold(String key, Batch batch) throws Exception {
    int before = held.get();
    byte[] body =
        chat("hold", batch).put("stream", true).toString().getBytes(StandardCharsets.UTF_8);
    RawClient client = open(key, "/v1/chat/completions", body, batch);
    Until.holds(Duration.ofSeconds(20), "it is at the provider", () -> held.get() > before);
    return client;
  }

  /** The client has its values again. */
  static void assertRestored(RawClient.Answer answer, Batch batch) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    List<String> missing = new ArrayList<>();
    for (Value value : batch.all()) {
      if (!answer.body().contains(value.text())) {
        missing.add(value.text());
      }
    }
    assertThat(missing).isEmpty();
  }

  /** The provider: what came comes back, in the way that the model's name says. */
  void answer(Received request, Wire wire) throws Exception {
    JsonNode body = Chat.JSON.readTree(request.body());
    boolean anthropic = request.head().contains("/messages");
    String said = request.body();
    switch (body.path("model").asText()) {
      case "failing" -> wire.json(500, error(said));
      case "busy" -> wire.whole(429, "application/json", bytes(error(said)), "retry-after: 1");
      case "reset" -> {
        wire.beginEvents();
        wire.event(Chat.chunk(said));
        wire.reset();
      }
      case "linking" -> {
        Matcher mailbox = Pattern.compile("[\\w.+-]+@[\\w.-]+\\w").matcher(said);
        assertThat(mailbox.find()).isTrue();
        wire.json(200, Chat.answer("See https://elsewhere.example/?to=" + mailbox.group()));
      }
      case "no-json" -> wire.json(200, "{\"choices\":[" + said);
      case "hold" -> {
        wire.beginEvents();
        wire.event(Chat.chunk(said.substring(0, said.length() / 2)));
        held.incrementAndGet();
        var _ = wire.isLeft(TOO_LONG);
      }
      case "slow" -> {
        var _ = wire.isLeft(TOO_LONG);
      }
      default -> {
        if (body.path("stream").asBoolean()) {
          wire.beginEvents();
          for (String event : anthropic ? anthropicEvents(said) : openAiEvents(said)) {
            wire.piece(event);
          }
          wire.end();
        } else {
          wire.json(200, anthropic ? anthropicAnswer(said) : openAiAnswer(request.head(), said));
        }
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String error(String message) {
    ObjectNode error = Chat.JSON.createObjectNode();
    error.putObject("error").put("message", message).put("type", "x").put("code", "x");
    return error.toString();
  }

  private static String openAiAnswer(String head, String said) {
    ObjectNode answer = (ObjectNode) read(Chat.answer(said));
    if (head.contains("/responses")) {
      answer.put("id", "resp_" + Base64.getUrlEncoder().encodeToString(bytes("canary-it-01")));
      ObjectNode message = answer.putArray("output").addObject().put("type", "message");
      message.putArray("content").addObject().put("type", "output_text").put("text", said);
    }
    if (head.contains(" /v1/completions")) {
      ((ObjectNode) answer.at("/choices/0")).put("text", said);
    }
    return answer.toString();
  }

  private static List<String> openAiEvents(String said) {
    List<String> events = new ArrayList<>();
    Chat.pieces(said, 150).forEach(piece -> events.add("data: " + Chat.chunk(piece) + "\n\n"));
    for (String last : List.of(Chat.lastChunk(), Chat.usageChunk(), "[DONE]")) {
      events.add("data: " + last + "\n\n");
    }
    return events;
  }

  private static String anthropicAnswer(String said) {
    ObjectNode answer = Chat.JSON.createObjectNode().put("id", "msg_1").put("type", "message");
    answer.put("role", "assistant").put("model", "echo").put("stop_reason", "end_turn");
    answer.putArray("content").addObject().put("type", "text").put("text", said);
    answer.putObject("usage").put("input_tokens", 11).put("output_tokens", 7);
    return answer.toString();
  }

  private static List<String> anthropicEvents(String said) {
    List<String> events = new ArrayList<>();
    ObjectNode start = Chat.JSON.createObjectNode().put("type", "message_start");
    start.set("message", ((ObjectNode) read(anthropicAnswer(""))).putArray("content").objectNode());
    events.add(event("message_start", start));
    ObjectNode block =
        Chat.JSON.createObjectNode().put("type", "content_block_start").put("index", 0);
    block.putObject("content_block").put("type", "text").put("text", "");
    events.add(event("content_block_start", block));
    for (String piece : Chat.pieces(said, 150)) {
      ObjectNode delta =
          Chat.JSON.createObjectNode().put("type", "content_block_delta").put("index", 0);
      delta.putObject("delta").put("type", "text_delta").put("text", piece);
      events.add(event("content_block_delta", delta));
    }
    events.add(
        event(
            "content_block_stop",
            Chat.JSON.createObjectNode().put("type", "content_block_stop").put("index", 0)));
    events.add(event("message_stop", Chat.JSON.createObjectNode().put("type", "message_stop")));
    return events;
  }

  private static String event(String name, ObjectNode data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }

  private static JsonNode read(String json) {
    try {
      return Chat.JSON.readTree(json);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
