package io.mantle.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * What the demo provider needs of a request to a model, in any of the dialects it speaks.
 *
 * @param prompt the text of the last user message, its content parts joined by line ends
 * @param promptBytes the size of all messages, from which usage is reckoned
 */
record PromptRequest(
    String model, String prompt, int promptBytes, boolean stream, boolean includeUsage) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @throws IllegalArgumentException when {@code body} is not such a request; the message does not
   *     repeat it
   */
  static PromptRequest parse(byte[] body) throws IOException {
    JsonNode root = tree(body);
    JsonNode messages = root.path(root.has("input") ? "input" : "messages");
    if (messages.isTextual()) {
      messages = JSON.createArrayNode().add(userSaying(messages.textValue()));
    }
    if (!messages.isArray() || messages.isEmpty()) {
      throw new IllegalArgumentException(
          "'messages' or 'input' must be an array that is not empty");
    }
    return new PromptRequest(
        root.path("model").asText("demo"),
        lastUserText(messages),
        messages.toString().length(),
        root.path("stream").asBoolean(false),
        root.path("stream_options").path("include_usage").asBoolean(false));
  }

  private static JsonNode userSaying(String text) {
    return JSON.createObjectNode().put("role", "user").put("content", text);
  }

  private static JsonNode tree(byte[] body) throws IOException {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the body is not JSON", e);
    }
  }

  private static String lastUserText(JsonNode messages) {
    String text = "";
    for (JsonNode message : messages) {
      if (message.path("role").asText().equals("user")) {
        text = text(message.path("content"));
      }
    }
    return text;
  }

  private static String text(JsonNode content) {
    if (!content.isArray()) {
      return content.asText("");
    }
    StringBuilder joined = new StringBuilder();
    for (JsonNode part : content) {
      String text = part.path("text").asText("");
      joined.append(joined.isEmpty() || text.isEmpty() ? "" : "\n").append(text);
    }
    return joined.toString();
  }
}
