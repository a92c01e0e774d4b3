package io.mantle.privacy.detect.training;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mantle.privacy.detect.evaluation.HeldBack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A text whose entities people marked.
 *
 * @param id unique in its corpus
 * @param entities in the file's order, offsets in UTF-16 units
 * @param annotated the types that the corpus marks at all; empty if it does not say
 */
record LabelledText(String id, String text, List<Entity> entities, Set<String> annotated) {

  /** A marked stretch, in UTF-16 units. */
  record Entity(int start, int end, String type) {}

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Whether the text serves measuring, not training: one in five, by a hash of what remains when
   * entities and case are taken away, so that all texts of one template fall on one side.
   */
  boolean isHeldBack() {
    return isInFold(0);
  }

  /** Whether the text is of one of the five parts; {@link #isHeldBack} is the first of them. */
  boolean isInFold(int fold) {
    StringBuilder frame = new StringBuilder();
    int from = 0;
    List<Entity> ordered = new ArrayList<>(entities);
    ordered.sort(java.util.Comparator.comparingInt(Entity::start));
    for (Entity entity : ordered) {
      if (entity.start >= from) {
        frame.append(text, from, entity.start).append('#');
        from = entity.end;
      }
    }
    frame.append(text, from, text.length());
    return HeldBack.fold(frame) == fold;
  }

  /** The corpus, which is the id's first part. */
  String source() {
    int slash = id.indexOf('/');
    return slash < 0 ? id : id.substring(0, slash);
  }

  /** Reads all {@code *.jsonl} files of a folder, in the order of their names. */
  static List<LabelledText> readAll(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files = entries.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    }
    List<LabelledText> texts = new ArrayList<>();
    for (Path file : files) {
      for (String line : Files.readAllLines(file)) {
        if (!line.isBlank()) {
          texts.add(parse(line));
        }
      }
    }
    return texts;
  }

  private static LabelledText parse(String line) throws IOException {
    String id = "";
    String text = "";
    List<Entity> entities = List.of();
    Set<String> annotated = Set.of();
    try (JsonParser parser = JSON.createParser(line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "id" -> id = parser.getText();
          case "text" -> text = parser.getText();
          case "spans" -> entities = entities(parser);
          case "annotated" -> annotated = strings(parser);
          default -> parser.skipChildren();
        }
      }
    }
    String whole = text;
    List<Entity> inUnits = entities.stream().map(entity -> inUnits(whole, entity)).toList();
    return new LabelledText(id, text, inUnits, annotated);
  }

  private static Entity inUnits(String text, Entity entity) {
    int start = text.offsetByCodePoints(0, entity.start);
    int end = text.offsetByCodePoints(start, entity.end - entity.start);
    return new Entity(start, end, entity.type);
  }

  private static List<Entity> entities(JsonParser parser) throws IOException {
    List<Entity> entities = new ArrayList<>();
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      int start = 0;
      int end = 0;
      String type = "";
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "start" -> start = parser.getIntValue();
          case "end" -> end = parser.getIntValue();
          case "type" -> type = parser.getText();
          default -> parser.skipChildren();
        }
      }
      entities.add(new Entity(start, end, type));
    }
    return entities;
  }

  private static Set<String> strings(JsonParser parser) throws IOException {
    Set<String> strings = new HashSet<>();
    while (parser.nextToken() == JsonToken.VALUE_STRING) {
      strings.add(parser.getText());
    }
    return strings;
  }
}
