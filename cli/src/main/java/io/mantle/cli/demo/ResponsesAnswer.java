package io.mantle.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;

/** An answer in the two shapes of OpenAI's responses. */
final class ResponsesAnswer implements Answer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PromptRequest request;
  private final String id = "resp_" + UUID.randomUUID().toString().replace("-", "");
  private final String itemId = "msg_" + UUID.randomUUID().toString().replace("-", "");
  private final String text;

  ResponsesAnswer(PromptRequest request) {
    this.request = request;
    this.text = Answer.textFor(request);
  }

  @Override
  public String whole() {
    return response("completed", true).toString();
  }

  @Override
  public Stream<String> events() {
    TypedEvents events = new TypedEvents();
    int number = 0;
    events
        .add("response.created")
        .put("sequence_number", number++)
        .set("response", response("in_progress", false));
    events
        .add("response.output_item.added")
        .put("sequence_number", number++)
        .put("output_index", 0)
        .set("item", item("in_progress", false));
    at(events.add("response.content_part.added"), number++).set("part", part(""));
    for (String piece : Answer.pieces(text)) {
      at(events.add("response.output_text.delta"), number++)
          .put("delta", piece)
          .putArray("logprobs");
    }
    at(events.add("response.output_text.done"), number++).put("text", text).putArray("logprobs");
    at(events.add("response.content_part.done"), number++).set("part", part(text));
    events
        .add("response.output_item.done")
        .put("sequence_number", number++)
        .put("output_index", 0)
        .set("item", item("completed", true));
    events
        .add("response.completed")
        .put("sequence_number", number)
        .set("response", response("completed", true));
    return events.stream();
  }

  private ObjectNode at(ObjectNode event, int number) {
    return event
        .put("sequence_number", number)
        .put("item_id", itemId)
        .put("output_index", 0)
        .put("content_index", 0);
  }

  private ObjectNode response(String status, boolean said) {
    ObjectNode response =
        JSON.createObjectNode()
            .put("id", id)
            .put("object", "response")
            .put("created_at", Instant.now().getEpochSecond())
            .put("status", status)
            .put("model", request.model())
            .put("parallel_tool_calls", true)
            .put("tool_choice", "auto")
            .putNull("error")
            .putNull("incomplete_details");
    response.putArray("tools");
    response.putArray("output");
    if (said) {
      response.withArray("output").add(item(status, true));
      int input = request.promptBytes() / BYTES_PER_TOKEN + 1;
      int output = text.length() / BYTES_PER_TOKEN + 1;
      response
          .putObject("usage")
          .put("input_tokens", input)
          .put("output_tokens", output)
          .put("total_tokens", input + output);
    }
    return response;
  }

  private ObjectNode item(String status, boolean said) {
    ObjectNode item =
        JSON.createObjectNode()
            .put("id", itemId)
            .put("type", "message")
            .put("status", status)
            .put("role", "assistant");
    item.putArray("content");
    if (said) {
      item.withArray("content").add(part(text));
    }
    return item;
  }

  private static ObjectNode part(String text) {
    ObjectNode part = JSON.createObjectNode().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    return part;
  }
}
