package io.mantle.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An answer in the two shapes of OpenAI's chat completions. */
final class ChatAnswer implements Answer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FINGERPRINT = "fp_mantle_demo";

  private final PromptRequest request;
  private final String id = "chatcmpl-" + UUID.randomUUID().toString().replace("-", "");
  private final long created = Instant.now().getEpochSecond();
  private final String text;

  ChatAnswer(PromptRequest request) {
    this.request = request;
    this.text = Answer.textFor(request);
  }

  @Override
  public String whole() {
    ObjectNode answer = envelope("chat.completion");
    ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
    choice
        .putObject("message")
        .put("role", "assistant")
        .put("content", text)
        .putNull("refusal")
        .putArray("annotations");
    choice.putNull("logprobs").put("finish_reason", "stop");
    answer.set("usage", usage());
    return answer.toString();
  }

  /** The closing {@code [DONE]} included. */
  @Override
  public Stream<String> events() {
    List<String> events = new ArrayList<>();
    events.add(chunk(JSON.createObjectNode().put("role", "assistant").put("content", ""), null));
    for (String piece : Answer.pieces(text)) {
      events.add(chunk(JSON.createObjectNode().put("content", piece), null));
    }
    events.add(chunk(JSON.createObjectNode(), "stop"));
    if (request.includeUsage()) {
      ObjectNode last = envelope("chat.completion.chunk");
      last.putArray("choices");
      last.set("usage", usage());
      events.add(last.toString());
    }
    events.add("[DONE]");
    return events.stream().map(data -> "data: " + data + "\n\n");
  }

  private String chunk(ObjectNode delta, @Nullable String finishReason) {
    ObjectNode chunk = envelope("chat.completion.chunk");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.putNull("logprobs").put("finish_reason", finishReason);
    if (request.includeUsage()) {
      chunk.putNull("usage");
    }
    return chunk.toString();
  }

  private ObjectNode envelope(String object) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", request.model())
        .put("system_fingerprint", FINGERPRINT);
  }

  private ObjectNode usage() {
    int prompt = request.promptBytes() / BYTES_PER_TOKEN + 1;
    int completion = text.length() / BYTES_PER_TOKEN + 1;
    return JSON.createObjectNode()
        .put("prompt_tokens", prompt)
        .put("completion_tokens", completion)
        .put("total_tokens", prompt + completion);
  }
}
