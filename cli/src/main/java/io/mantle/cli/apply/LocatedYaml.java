package io.mantle.cli.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.cli.apply.EnvironmentReferences.UnresolvedException;
import io.mantle.cli.apply.Flaw.Place;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.AnchorNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML 1.2 text as JSON, with references to the environment resolved, and the place of every
 * value. Anchors may be used; what they stand for counts each time it is used, so that a small text
 * cannot become a large one.
 */
final class LocatedYaml {
  static final int TEXT_CHARS_MAX = 8 << 20;
  private static final int NODES_MAX = 500_000;
  private static final int DEPTH_MAX = 32;

  private final EnvironmentReferences references;
  private final Map<String, Place> values = new HashMap<>();
  private final Map<String, Place> keys = new HashMap<>();
  private final List<Flaw> flaws = new ArrayList<>();
  private final JsonNode root;
  private int nodes;

  /**
   * Reads a text.
   *
   * @throws InvalidFileException if it is no YAML, or more of it than is taken
   */
  LocatedYaml(String text, Map<String, String> environment) throws InvalidFileException {
    references = new EnvironmentReferences(environment);
    Optional<Node> node;
    try {
      node =
          new Compose(LoadSettings.builder().setCodePointLimit(TEXT_CHARS_MAX).build())
              .composeString(text);
    } catch (MarkedYamlEngineException e) {
      // Its message would quote the text.
      Place place = e.getProblemMark().map(LocatedYaml::place).orElse(Place.START);
      throw new InvalidFileException(List.of(new Flaw(place, "", "no YAML: " + e.getProblem())));
    } catch (YamlEngineException e) {
      throw new InvalidFileException(List.of(new Flaw(Place.START, "", "no YAML, or too large")));
    }
    if (node.isEmpty()) {
      throw new InvalidFileException(List.of(new Flaw(Place.START, "", "the file is empty")));
    }
    root = convert(node.get(), "", 0);
  }

  JsonNode root() {
    return root;
  }

  /** What was wrong already in reading: references and keys. */
  List<Flaw> flaws() {
    return List.copyOf(flaws);
  }

  /** Something wrong with a value, or where there is none, with what it would be in. */
  Flaw flaw(String pointer, String reason) {
    return new Flaw(placeIn(values, pointer), Pointer.shown(pointer), reason);
  }

  /** Something wrong with the key of a member. */
  Flaw flawOfKey(String pointer, String reason) {
    return new Flaw(
        keys.containsKey(pointer) ? placeIn(keys, pointer) : placeIn(values, pointer),
        Pointer.shown(pointer),
        reason);
  }

  private static Place placeIn(Map<String, Place> places, String pointer) {
    String at = pointer;
    while (!places.containsKey(at) && !at.isEmpty()) {
      at = Pointer.parent(at);
    }
    return places.getOrDefault(at, Place.START);
  }

  private JsonNode convert(Node node, String pointer, int depth) throws InvalidFileException {
    Place place = node.getStartMark().map(LocatedYaml::place).orElse(Place.START);
    values.put(pointer, place);
    if (depth > DEPTH_MAX || ++nodes > NODES_MAX) {
      throw new InvalidFileException(
          List.of(new Flaw(place, Pointer.shown(pointer), "deeper or larger than is taken")));
    }
    return switch (node) {
      case ScalarNode scalar -> scalar(scalar, pointer);
      case SequenceNode sequence -> sequence(sequence, pointer, depth);
      case MappingNode mapping -> mapping(mapping, pointer, depth);
      case AnchorNode anchor -> convert(anchor.getRealNode(), pointer, depth + 1);
      default -> throw new IllegalStateException("a node of YAML of a new kind");
    };
  }

  private ArrayNode sequence(SequenceNode sequence, String pointer, int depth)
      throws InvalidFileException {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Node element : sequence.getValue()) {
      array.add(convert(element, Pointer.child(pointer, array.size()), depth + 1));
    }
    return array;
  }

  private ObjectNode mapping(MappingNode mapping, String pointer, int depth)
      throws InvalidFileException {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (NodeTuple member : mapping.getValue()) {
      if (!(member.getKeyNode() instanceof ScalarNode key)) {
        flaws.add(flaw(pointer, "a key that is no text"));
        continue;
      }
      String at = Pointer.child(pointer, key.getValue());
      key.getStartMark().ifPresent(mark -> keys.put(at, place(mark)));
      if (object.has(key.getValue())) {
        flaws.add(flawOfKey(at, "it is there twice"));
      }
      object.set(key.getValue(), convert(member.getValueNode(), at, depth + 1));
    }
    return object;
  }

  private JsonNode scalar(ScalarNode scalar, String pointer) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    try {
      if (tag.equals(Tag.NULL)) {
        return json.nullNode();
      }
      if (tag.equals(Tag.BOOL)) {
        return json.booleanNode(text.toLowerCase(Locale.ROOT).equals("true"));
      }
      if (tag.equals(Tag.INT)) {
        return json.numberNode(new BigInteger(text));
      }
      if (tag.equals(Tag.FLOAT)) {
        return json.numberNode(new BigDecimal(text));
      }
    } catch (NumberFormatException e) {
      return json.textNode(text); // .inf and the like: no number of JSON
    }
    // The parser tells a whole reference that stands without quotes from other texts.
    if (!tag.equals(Tag.STR) && !tag.equals(Tag.ENV_TAG)) {
      flaws.add(flaw(pointer, "a tag of YAML that has no meaning here"));
    }
    try {
      return json.textNode(references.expand(text));
    } catch (UnresolvedException e) {
      flaws.add(flaw(pointer, e.reason()));
      return json.textNode(text);
    }
  }

  private static Place place(Mark mark) {
    return new Place(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
