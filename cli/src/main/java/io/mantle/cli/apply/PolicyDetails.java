package io.mantle.cli.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * How two privacy policies differ, in words for people. A tenant's phrases, patterns, prompts and
 * the like are counted and not shown: they are what must not leave.
 */
final class PolicyDetails {
  private PolicyDetails() {}

  /** Empty where they are the same. */
  static List<String> of(JsonNode before, ObjectNode after) {
    List<String> details = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : after.properties()) {
      JsonNode was = before.path(field.getKey());
      JsonNode is = field.getValue();
      if (!was.equals(is)) {
        details.add(
            switch (field.getKey()) {
              case "preset",
                  "recall",
                  "mode",
                  "media",
                  "deep",
                  "responses",
                  "trace_content",
                  "record_exchanges_hours" ->
                  field.getKey() + " " + Words.printable(was.asText()) + " -> " + is.asText();
              case "actions" -> actions(was, is);
              case "preservation_prompt" -> field.getKey() + " changed";
              default ->
                  field.getKey()
                      + (was.size() == is.size()
                          ? " changed"
                          : " " + was.size() + " -> " + is.size() + " entries");
            });
      }
    }
    return details;
  }

  private static String actions(JsonNode was, JsonNode is) {
    TreeSet<String> types = new TreeSet<>();
    was.fieldNames().forEachRemaining(types::add);
    is.fieldNames().forEachRemaining(types::add);
    types.removeIf(type -> was.path(type).equals(is.path(type)));
    List<String> changed = new ArrayList<>();
    for (String type : types) {
      changed.add(
          Words.printable(type)
              + " "
              + Words.printable(was.path(type).asText("as the preset has it"))
              + " -> "
              + is.path(type).asText("as the preset has it"));
    }
    return "actions " + String.join(", ", changed);
  }
}
