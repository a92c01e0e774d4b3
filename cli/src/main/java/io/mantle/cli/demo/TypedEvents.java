package io.mantle.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Events that bear their {@code type} as their name, as Anthropic and OpenAI's Responses do. */
final class TypedEvents {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<ObjectNode> events = new ArrayList<>();

  /** Adds an event and returns it, to be filled. */
  ObjectNode add(String type) {
    ObjectNode event = JSON.createObjectNode().put("type", type);
    events.add(event);
    return event;
  }

  Stream<String> stream() {
    return events.stream()
        .map(event -> "event: %s\ndata: %s\n\n".formatted(event.get("type").asText(), event));
  }
}
