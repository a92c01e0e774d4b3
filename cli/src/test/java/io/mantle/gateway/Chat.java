package io.mantle.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Chat completions as a client writes them, and as a provider answers them. */
final class Chat {
  static final ObjectMapper JSON = new ObjectMapper();

  private Chat() {}

  /** A request for a whole answer. */
  static String saying(String prompt) {
    return request(prompt).toString();
  }

  /** A request for a stream. */
  static String streaming(String prompt) {
    return request(prompt).put("stream", true).toString();
  }

  static ObjectNode request(String prompt) {
    ObjectNode request = JSON.createObjectNode().put("model", "gpt-test");
    request.putArray("messages").addObject().put("role", "user").put("content", prompt);
    return request;
  }

  /** What the (only) message of a request says. */
  static String prompt(String request) throws JsonProcessingException {
    return JSON.readTree(request).at("/messages/0/content").asText();
  }

  /** A whole answer. */
  static String answer(String text) {
    ObjectNode answer =
        JSON.createObjectNode().put("id", "chatcmpl-1").put("object", "chat.completion");
    ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", text);
    choice.put("finish_reason", "stop");
    answer
        .putObject("usage")
        .put("prompt_tokens", 11)
        .put("completion_tokens", 7)
        .put("total_tokens", 18);
    return answer.toString();
  }

  /** What a whole answer says. */
  static String content(String answer) throws JsonProcessingException {
    return JSON.readTree(answer).at("/choices/0/message/content").asText();
  }

  /** The data of an event that says a piece of the answer. */
  static String chunk(String piece) {
    ObjectNode chunk =
        JSON.createObjectNode().put("id", "chatcmpl-1").put("object", "chat.completion.chunk");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.putObject("delta").put("content", piece);
    choice.putNull("finish_reason");
    return chunk.toString();
  }

  /** The data of the event that ends the answer. */
  static String lastChunk() {
    ObjectNode chunk =
        JSON.createObjectNode().put("id", "chatcmpl-1").put("object", "chat.completion.chunk");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.putObject("delta");
    choice.put("finish_reason", "stop");
    return chunk.toString();
  }

  /** The data of the event that tells what a stream cost. */
  static String usageChunk() {
    ObjectNode chunk =
        JSON.createObjectNode().put("id", "chatcmpl-1").put("object", "chat.completion.chunk");
    chunk.putArray("choices");
    chunk
        .putObject("usage")
        .put("prompt_tokens", 11)
        .put("completion_tokens", 7)
        .put("total_tokens", 18);
    return chunk.toString();
  }

  /** The text in pieces of that many characters, no surrogate pair cut. */
  static List<String> pieces(String text, int length) {
    List<String> pieces = new ArrayList<>();
    int end;
    for (int at = 0; at < text.length(); at = end) {
      int characters = Math.min(length, text.codePointCount(at, text.length()));
      end = text.offsetByCodePoints(at, characters);
      pieces.add(text.substring(at, end));
    }
    return pieces;
  }

  /** What a stream says, all its chunks together. */
  static String said(String stream) throws JsonProcessingException {
    StringBuilder said = new StringBuilder();
    for (String line : stream.lines().toList()) {
      if (line.startsWith("data: {")) {
        JsonNode chunk = JSON.readTree(line.substring("data: ".length()));
        said.append(chunk.at("/choices/0/delta/content").asText(""));
      }
    }
    return said.toString();
  }

  /** Whether a body is an error as OpenAI's clients read it. */
  static boolean isError(String body) {
    try {
      JsonNode error = JSON.readTree(body).path("error");
      return error.path("message").isTextual()
          && error.path("type").isTextual()
          && error.has("param")
          && error.has("code");
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
