package io.mantle.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import java.util.stream.Stream;

/** An answer in the two shapes of Anthropic's messages. */
final class MessagesAnswer implements Answer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PromptRequest request;
  private final String text;

  MessagesAnswer(PromptRequest request) {
    this.request = request;
    this.text = Answer.textFor(request);
  }

  @Override
  public String whole() {
    ObjectNode message = message();
    message.withArray("content").addObject().put("type", "text").put("text", text);
    message.put("stop_reason", "end_turn");
    message.withObject("usage").put("output_tokens", outputTokens());
    return message.toString();
  }

  @Override
  public Stream<String> events() {
    TypedEvents events = new TypedEvents();
    events.add("message_start").set("message", message());
    events
        .add("content_block_start")
        .put("index", 0)
        .putObject("content_block")
        .put("type", "text")
        .put("text", "");
    events.add("ping");
    for (String piece : Answer.pieces(text)) {
      events
          .add("content_block_delta")
          .put("index", 0)
          .putObject("delta")
          .put("type", "text_delta")
          .put("text", piece);
    }
    events.add("content_block_stop").put("index", 0);
    ObjectNode last = events.add("message_delta");
    last.putObject("delta").put("stop_reason", "end_turn").putNull("stop_sequence");
    last.putObject("usage").put("output_tokens", outputTokens());
    events.add("message_stop");
    return events.stream();
  }

  /** What {@code count_tokens} answers. */
  static String count(PromptRequest request) {
    return JSON.createObjectNode().put("input_tokens", inputTokens(request)).toString();
  }

  private ObjectNode message() {
    ObjectNode message =
        JSON.createObjectNode()
            .put("id", "msg_" + UUID.randomUUID().toString().replace("-", ""))
            .put("type", "message")
            .put("role", "assistant")
            .put("model", request.model());
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    message.putObject("usage").put("input_tokens", inputTokens(request)).put("output_tokens", 1);
    return message;
  }

  private static int inputTokens(PromptRequest request) {
    return request.promptBytes() / BYTES_PER_TOKEN + 1;
  }

  private int outputTokens() {
    return text.length() / BYTES_PER_TOKEN + 1;
  }
}
