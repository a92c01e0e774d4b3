package io.mantle.controlplane.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The JSON object of a request, read strictly: one of the fields that are known, once, of its type.
 * Anything else is a problem that names the field and repeats no value.
 */
final class JsonBody {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Pattern FIELD_ID = Pattern.compile("[a-z0-9-]{1,63}");
  private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9_]{1,40}");

  private final JsonNode root;

  /** What names of fields begin with, where this stands within another. */
  private final String prefix;

  private JsonBody(JsonNode root, String prefix) {
    this.root = root;
    this.prefix = prefix;
  }

  static JsonBody read(String json, Set<String> known) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      // Its message would quote the text.
      throw new Problem(400, "Malformed request", "The body is not a JSON text.");
    }
    if (!root.isObject()) {
      throw new Problem(400, "Malformed request", "The body is not a JSON object.");
    }
    return of(root, "", known);
  }

  private static JsonBody of(JsonNode root, String prefix, Set<String> known) {
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (!known.contains(field.getKey())) {
        Problem problem =
            new Problem(
                400,
                "Malformed request",
                "There is a field other than "
                    + String.join(", ", known.stream().sorted().toList())
                    + ".");
        throw FIELD_NAME.matcher(field.getKey()).matches()
            ? problem.at(prefix + field.getKey())
            : problem;
      }
    }
    return new JsonBody(root, prefix);
  }

  boolean has(String field) {
    return root.has(field);
  }

  boolean isNull(String field) {
    return root.path(field).isNull();
  }

  /** A text of a length in UTF-16 units, without characters that Postgres does not store. */
  String text(String field, int charsMin, int charsMax) {
    JsonNode node = root.path(field);
    if (node.isMissingNode()) {
      throw Problem.invalid(field, "It is missing.");
    }
    return text(field, node, charsMin, charsMax);
  }

  Optional<String> textIfGiven(String field, int charsMin, int charsMax) {
    return has(field) ? Optional.of(text(field, charsMin, charsMax)) : Optional.empty();
  }

  private static String text(String field, JsonNode node, int charsMin, int charsMax) {
    if (!node.isTextual()) {
      throw Problem.invalid(field, "It is not a string.");
    }
    String text = node.textValue();
    if (text.length() < charsMin || text.length() > charsMax) {
      throw Problem.invalid(
          field, "It has to have %d to %d characters.".formatted(charsMin, charsMax));
    }
    boolean storable =
        text.codePoints()
            .noneMatch(
                c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    if (!storable) {
      throw Problem.invalid(field, "It has a NUL or half of a surrogate pair.");
    }
    return text;
  }

  /** One of some words. */
  String word(String field, List<String> words) {
    String word = text(field, 0, 200);
    if (!words.contains(word)) {
      throw Problem.invalid(field, "It is none of " + String.join(", ", words) + ".");
    }
    return word;
  }

  boolean flag(String field, boolean otherwise) {
    if (!has(field)) {
      return otherwise;
    }
    if (!root.path(field).isBoolean()) {
      throw Problem.invalid(field, "It is neither true nor false.");
    }
    return root.path(field).booleanValue();
  }

  int whole(String field, int min, int max, int otherwise) {
    if (!has(field)) {
      return otherwise;
    }
    JsonNode node = root.path(field);
    if (!node.isInt() || node.intValue() < min || node.intValue() > max) {
      throw Problem.invalid(field, "It is not a whole number from %d to %d.".formatted(min, max));
    }
    return node.intValue();
  }

  /** Whole numbers; the default where the field is not given. */
  List<Integer> wholes(String field, int countMax, int min, int max, List<Integer> otherwise) {
    JsonNode node = root.path(field);
    if (node.isMissingNode()) {
      return otherwise;
    }
    if (!node.isArray() || node.size() > countMax) {
      throw Problem.invalid(field, "It is not an array of at most " + countMax + " numbers.");
    }
    List<Integer> wholes = new ArrayList<>();
    for (JsonNode element : node) {
      if (!element.isInt() || element.intValue() < min || element.intValue() > max) {
        throw Problem.invalid(
            field + "[" + wholes.size() + "]",
            "It is not a whole number from %d to %d.".formatted(min, max));
      }
      wholes.add(element.intValue());
    }
    return wholes;
  }

  /** A whole number; empty where it is not given, or null. */
  OptionalInt wholeIfGiven(String field, int min, int max) {
    return has(field) && !isNull(field)
        ? OptionalInt.of(whole(field, min, max, min))
        : OptionalInt.empty();
  }

  /** A whole number that has to be given. */
  long number(String field, long min, long max) {
    JsonNode node = root.path(field);
    if (!isWhole(node, min, max)) {
      String found = node.isMissingNode() ? "missing" : node.isNull() ? "null" : "something else";
      throw Problem.invalid(
          prefix + field,
          "%s has to be a whole number from %d to %d; it is %s."
              .formatted(prefix + field, min, max, found));
    }
    return node.longValue();
  }

  /** A whole number, or null for none. */
  OptionalLong numberOrNull(String field, long min, long max) {
    JsonNode node = root.path(field);
    if (node.isNull()) {
      return OptionalLong.empty();
    }
    if (!isWhole(node, min, max)) {
      throw Problem.invalid(
          prefix + field,
          "It is neither a whole number from %d to %d nor null.".formatted(min, max));
    }
    return OptionalLong.of(node.longValue());
  }

  private static boolean isWhole(JsonNode node, long min, long max) {
    return node.isIntegralNumber()
        && node.canConvertToLong()
        && node.longValue() >= min
        && node.longValue() <= max;
  }

  /** An object within; empty where the field is not given. */
  Optional<JsonBody> object(String field, Set<String> known) {
    return has(field)
        ? Optional.of(within(prefix + field, root.path(field), known))
        : Optional.empty();
  }

  /** The members of an object, all of them texts; none where it is not given. */
  Map<String, String> textsByName(String field, int countMax, int charsMax) {
    JsonNode node = root.path(field);
    if (node.isMissingNode()) {
      return Map.of();
    }
    if (!node.isObject() || node.size() > countMax) {
      throw Problem.invalid(field, "It is not an object of at most " + countMax + " strings.");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    node.properties()
        .forEach(member -> texts.put(member.getKey(), text(field, member.getValue(), 1, charsMax)));
    return texts;
  }

  /** An object of objects; none where the field is not given. */
  Map<String, JsonBody> objects(String field, int countMax, Set<String> known) {
    JsonNode node = root.path(field);
    if (node.isMissingNode()) {
      return Map.of();
    }
    if (!node.isObject() || node.size() > countMax) {
      throw Problem.invalid(prefix + field, "It is not an object of at most " + countMax + ".");
    }
    Map<String, JsonBody> objects = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      // A name that is not one of ours is not repeated.
      String name = FIELD_ID.matcher(entry.getKey()).matches() ? "." + entry.getKey() : "";
      objects.put(entry.getKey(), within(prefix + field + name, entry.getValue(), known));
    }
    return objects;
  }

  private static JsonBody within(String field, JsonNode node, Set<String> known) {
    if (!node.isObject()) {
      throw Problem.invalid(field, "It is not an object.");
    }
    return of(node, field + ".", known);
  }

  /** Texts; none where the field is not given. A problem names the one it is about. */
  List<String> texts(String field, int countMax, int charsMax) {
    JsonNode node = root.path(field);
    if (node.isMissingNode()) {
      return List.of();
    }
    if (!node.isArray() || node.size() > countMax) {
      throw Problem.invalid(field, "It is not an array of at most " + countMax + " strings.");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : node) {
      texts.add(text(field + "[" + texts.size() + "]", element, 1, charsMax));
    }
    return texts;
  }
}
