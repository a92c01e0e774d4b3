package io.mantle.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One answer in OpenAI's two shapes: whole, or as the data of server-sent events.
 *
 * <p>The text repeats the prompt, so that the client sees its own values come back restored; the
 * events cut it at odd places, so that a value lies across several of them.
 */
final class ChatAnswer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int[] CODE_POINTS_PER_CHUNK = {3, 1, 4, 1, 5, 9, 2, 6};
  private static final int CHARS_BEFORE_LONGER_CHUNKS = 4_000;
  private static final int BYTES_PER_TOKEN = 4;
  private static final String FINGERPRINT = "fp_mantle_demo";

  private final ChatRequest request;
  private final String id = "chatcmpl-" + UUID.randomUUID().toString().replace("-", "");
  private final long created = Instant.now().getEpochSecond();
  private final String text;

  ChatAnswer(ChatRequest request) {
    this.request = request;
    this.text = "Here is what I understood: " + request.prompt();
  }

  String whole() {
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

  /** The data of each event, in order, the closing {@code [DONE]} included. */
  Stream<String> events() {
    List<String> events = new ArrayList<>();
    events.add(chunk(JSON.createObjectNode().put("role", "assistant").put("content", ""), null));
    for (String piece : pieces(text)) {
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
    return events.stream();
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

  /** A long text is cut into longer pieces, so that a stream ends in reasonable time. */
  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int stretch = 1 + text.length() / CHARS_BEFORE_LONGER_CHUNKS;
    int start = 0;
    for (int turn = 0; start < text.length(); turn++) {
      int codePoints = stretch * CODE_POINTS_PER_CHUNK[turn % CODE_POINTS_PER_CHUNK.length];
      int end = start;
      for (int taken = 0; taken < codePoints && end < text.length(); taken++) {
        end += Character.charCount(text.codePointAt(end));
      }
      pieces.add(text.substring(start, end));
      start = end;
    }
    return pieces;
  }
}
