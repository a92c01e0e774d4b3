package io.mantle.deep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mantle.privacy.value.EntityType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a folder says of its model, in {@value #MANIFEST}.
 *
 * @param name for people
 * @param model the ONNX file
 * @param vocabulary WordPiece pieces, one a line
 * @param lowerCase whether the model was trained on lower-case text without accents
 * @param piecesMax positions the model has, its two markers included
 * @param labels by the index of the model's output
 */
public record ModelFolder(
    String name,
    Path model,
    Path vocabulary,
    boolean lowerCase,
    int piecesMax,
    List<Label> labels) {
  static final String MANIFEST = "mantle-model.json";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PIECES_MIN = 16;
  private static final int PIECES_MAX = 1 << 14;

  /**
   * What one output of the model means.
   *
   * @param type null: nothing, or nothing that is taken from this model
   * @param threshold from which score on it counts; of all labels of one type together
   */
  public record Label(@Nullable EntityType type, double threshold) {}

  public ModelFolder {
    labels = List.copyOf(labels);
  }

  /**
   * Reads the manifest.
   *
   * @throws IOException if it is missing or wrong; says what
   */
  public static ModelFolder read(Path folder) throws IOException {
    Path manifest = folder.resolve(MANIFEST);
    if (!Files.isRegularFile(manifest)) {
      throw new IOException(manifest + " is missing");
    }
    JsonNode root;
    try {
      root = JSON.readTree(Files.readAllBytes(manifest));
    } catch (JsonProcessingException e) {
      throw new IOException(manifest + " is not JSON", e);
    }
    int piecesMax = root.path("pieces_max").asInt();
    if (piecesMax < PIECES_MIN || piecesMax > PIECES_MAX) {
      throw new IOException(
          manifest + ": \"pieces_max\" must be within " + PIECES_MIN + " and " + PIECES_MAX);
    }
    return new ModelFolder(
        text(manifest, root, "name"),
        file(manifest, root, "model"),
        file(manifest, root, "vocabulary"),
        root.path("lower_case").asBoolean(),
        piecesMax,
        labels(manifest, root));
  }

  private static List<Label> labels(Path manifest, JsonNode root) throws IOException {
    Map<String, Label> taken = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.path("take").properties()) {
      double threshold = entry.getValue().path("threshold").asDouble();
      if (!(threshold > 0 && threshold <= 1)) {
        throw new IOException(manifest + ": a threshold must be above 0 and at most 1");
      }
      taken.put(
          entry.getKey(), new Label(type(manifest, entry.getValue().path("type")), threshold));
    }
    List<Label> labels = new ArrayList<>();
    for (JsonNode label : root.path("labels")) {
      // B-CITY and I-CITY begin and go on with one entity
      String name = label.asText().replaceFirst("^[A-Z]-", "");
      labels.add(taken.getOrDefault(name, new Label(null, 1)));
    }
    if (labels.stream().allMatch(label -> label.type() == null)) {
      throw new IOException(manifest + ": \"take\" names none of \"labels\"");
    }
    return labels;
  }

  private static EntityType type(Path manifest, JsonNode type) throws IOException {
    try {
      return EntityType.valueOf(type.asText());
    } catch (IllegalArgumentException e) {
      throw new IOException(manifest + ": \"" + type.asText() + "\" is no entity type", e);
    }
  }

  private static Path file(Path manifest, JsonNode root, String field) throws IOException {
    Path file = manifest.resolveSibling(text(manifest, root, field)).toAbsolutePath().normalize();
    if (!Files.isRegularFile(file)) {
      throw new IOException(manifest + " names " + file + ", which is no file");
    }
    return file;
  }

  private static String text(Path manifest, JsonNode root, String field) throws IOException {
    String text = root.path(field).asText();
    if (text.isEmpty()) {
      throw new IOException(manifest + ": \"" + field + "\" is missing");
    }
    return text;
  }
}
