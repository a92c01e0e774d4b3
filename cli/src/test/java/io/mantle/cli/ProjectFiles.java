package io.mantle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Files of the project as values: YAML and JSON as trees, with YAML's merge keys resolved. */
final class ProjectFiles {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MERGE = "<<";

  private ProjectFiles() {}

  static Path path(String file) {
    return ProjectRoot.path().resolve(file);
  }

  static String text(String file) throws IOException {
    return Files.readString(path(file));
  }

  /** Those in a folder and below whose name ends so, as paths from the project's root. */
  static List<String> below(String folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(path(folder))) {
      return files
          .map(file -> ProjectRoot.path().relativize(file).toString())
          .filter(file -> file.endsWith(suffix))
          .sorted()
          .toList();
    }
  }

  static JsonNode json(String file) throws IOException {
    return JSON.readTree(text(file));
  }

  /** The only document of a YAML file. */
  static JsonNode yaml(String file) throws IOException {
    return documents(file).getFirst();
  }

  static List<JsonNode> documents(String file) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    Load load = new Load(LoadSettings.builder().setLabel(file).build());
    for (Object document : load.loadAllFromString(text(file))) {
      documents.add(merged(JSON.valueToTree(document)));
    }
    return documents;
  }

  /** All objects within, at any depth, itself included. */
  static Stream<JsonNode> objects(JsonNode node) {
    return Stream.concat(
        node.isObject() ? Stream.of(node) : Stream.empty(),
        node.valueStream().flatMap(ProjectFiles::objects));
  }

  static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }

  private static JsonNode merged(JsonNode node) {
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JSON.createArrayNode();
      array.forEach(element -> copy.add(merged(element)));
      return copy;
    }
    if (node instanceof ObjectNode object) {
      ObjectNode copy = JSON.createObjectNode();
      if (object.get(MERGE) instanceof ObjectNode inherited) {
        copy.setAll((ObjectNode) merged(inherited));
      }
      object
          .properties()
          .forEach(
              member -> {
                if (!member.getKey().equals(MERGE)) {
                  copy.set(member.getKey(), merged(member.getValue()));
                }
              });
      return copy;
    }
    return node;
  }
}
