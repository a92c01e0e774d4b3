package io.mantle.controlplane.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.mantle.controlplane.database.PrivacyRow.AnswersRow;
import io.mantle.controlplane.database.PrivacyRow.DenyRow;
import io.mantle.controlplane.database.PrivacyRow.DetectionRow;
import io.mantle.controlplane.database.PrivacyRow.RecognizerRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * A privacy policy as JSON: of the admin API, and of the columns it is stored in. What is not known
 * or of another type than it should be is an error that names its field; what is left out has its
 * default, or what its preset says.
 */
public final class PrivacyJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final int RECORD_HOURS_MAX = 720;

  private static final Set<String> FIELDS =
      Set.of(
          "preset",
          "actions",
          "recall",
          "mode",
          "deny",
          "allow",
          "recognizers",
          "deep",
          "media",
          "preservation_prompt",
          "restore",
          "link_hosts",
          "tools",
          "responses",
          "trace_content",
          "record_exchanges_hours");

  private static final List<String> TEXT_COLUMNS =
      List.of("preset", "recall", "mode", "media", "preservation_prompt", "responses");
  private static final List<String> JSON_COLUMNS =
      List.of("actions", "deny", "allow", "recognizers", "restore", "link_hosts", "tools");

  private PrivacyJson() {}

  /**
   * Reads a policy.
   *
   * @throws InvalidPolicyException naming the field; an empty one where it is no JSON at all
   */
  public static PrivacyRow read(String json) throws InvalidPolicyException {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      // Its message would quote the text.
      throw new InvalidPolicyException("", "not a JSON text");
    }
    checkFields("", root, FIELDS);
    PrivacyRow defaults = PrivacyRow.DEFAULT;
    Preset preset =
        root.has("preset") ? Preset.of(word("preset", root.path("preset"))) : defaults.preset();
    return new PrivacyRow(
        preset,
        actions(root.path("actions")),
        root.has("mode") ? word("mode", root.path("mode")) : defaults.mode(),
        new DetectionRow(
            root.has("recall")
                ? word("recall", root.path("recall"))
                : defaults.detection().recall(),
            deny(root.path("deny")),
            texts("allow", root.path("allow")),
            recognizers(root.path("recognizers")),
            root.has("deep") && flag("deep", root.path("deep"))),
        root.has("media") ? word("media", root.path("media")) : preset.media(),
        root.has("preservation_prompt")
            ? text("preservation_prompt", root.path("preservation_prompt"))
            : defaults.preservationPrompt(),
        new AnswersRow(
            restore(root.path("restore")),
            texts("link_hosts", root.path("link_hosts")),
            tools(root.path("tools")),
            root.has("responses")
                ? word("responses", root.path("responses"))
                : defaults.answers().responses()),
        root.has("trace_content") && flag("trace_content", root.path("trace_content")),
        hours("record_exchanges_hours", root.path("record_exchanges_hours")));
  }

  /** What {@link #read} reads, with all its fields, always in the same order. */
  public static String write(PrivacyRow row) {
    ObjectNode root = JSON.createObjectNode().put("preset", row.preset().word());
    ObjectNode actions = root.putObject("actions");
    new TreeMap<>(row.actions()).forEach(actions::put);
    root.put("recall", row.detection().recall()).put("mode", row.mode());
    root.set("deny", deny(row));
    root.set("allow", array(row.detection().allow()));
    root.set("recognizers", recognizers(row));
    root.put("deep", row.detection().deep())
        .put("media", row.media())
        .put("preservation_prompt", row.preservationPrompt());
    root.set("restore", restore(row));
    root.set("link_hosts", array(row.answers().linkHosts()));
    root.set("tools", tools(row));
    root.put("responses", row.answers().responses()).put("trace_content", row.traceContent());
    OptionalInt hours = row.recordExchangesHours();
    root.put("record_exchanges_hours", hours.isPresent() ? hours.getAsInt() : null);
    return root.toString();
  }

  /** The columns of a row put together, as {@link #read} takes them. */
  static String ofColumns(ResultSet row) throws SQLException {
    ObjectNode root =
        JSON.createObjectNode()
            .put("deep", row.getBoolean("deep"))
            .put("trace_content", row.getBoolean("trace_content"))
            .put("record_exchanges_hours", row.getObject("record_exchanges_hours", Integer.class));
    for (String column : TEXT_COLUMNS) {
      root.put(column, row.getString(column));
    }
    for (String column : JSON_COLUMNS) {
      root.putRawValue(column, new RawValue(row.getString(column)));
    }
    return root.toString();
  }

  static String actionsColumn(PrivacyRow row) {
    ObjectNode actions = JSON.createObjectNode();
    row.actions().forEach(actions::put);
    return actions.toString();
  }

  static String denyColumn(PrivacyRow row) {
    return deny(row).toString();
  }

  static String allowColumn(PrivacyRow row) {
    return array(row.detection().allow()).toString();
  }

  static String recognizersColumn(PrivacyRow row) {
    return recognizers(row).toString();
  }

  static String restoreColumn(PrivacyRow row) {
    return restore(row).toString();
  }

  static String linkHostsColumn(PrivacyRow row) {
    return array(row.answers().linkHosts()).toString();
  }

  static String toolsColumn(PrivacyRow row) {
    return tools(row).toString();
  }

  private static ObjectNode restore(PrivacyRow row) {
    ObjectNode restore = JSON.createObjectNode();
    new TreeMap<>(row.answers().restore())
        .forEach((type, switches) -> new TreeMap<>(switches).forEach(restore.putObject(type)::put));
    return restore;
  }

  private static ObjectNode tools(PrivacyRow row) {
    ObjectNode tools = JSON.createObjectNode();
    new TreeMap<>(row.answers().tools()).forEach(tools::put);
    return tools;
  }

  private static ArrayNode deny(PrivacyRow row) {
    ArrayNode deny = JSON.createArrayNode();
    for (DenyRow term : row.detection().deny()) {
      deny.addObject().put("phrase", term.phrase()).put("type", term.type());
    }
    return deny;
  }

  private static ArrayNode recognizers(PrivacyRow row) {
    ArrayNode recognizers = JSON.createArrayNode();
    for (RecognizerRow recognizer : row.detection().recognizers()) {
      ObjectNode node =
          recognizers.addObject().put("name", recognizer.name()).put("type", recognizer.type());
      node.set("patterns", array(recognizer.patterns()));
      node.set("words", array(recognizer.words()));
      node.set("context", array(recognizer.context()));
      ObjectNode samples = node.putObject("samples");
      samples.set("positive", array(recognizer.positives()));
      samples.set("negative", array(recognizer.negatives()));
    }
    return recognizers;
  }

  private static ArrayNode array(List<String> texts) {
    ArrayNode array = JSON.createArrayNode();
    texts.forEach(array::add);
    return array;
  }

  private static Map<String, String> actions(JsonNode node) throws InvalidPolicyException {
    Map<String, String> actions = new TreeMap<>();
    for (Map.Entry<String, JsonNode> action : members("actions", node)) {
      actions.put(
          text("actions", action.getKey()).toUpperCase(Locale.ROOT),
          text("actions", action.getValue()).toLowerCase(Locale.ROOT));
    }
    return actions;
  }

  private static Map<String, Map<String, Boolean>> restore(JsonNode node)
      throws InvalidPolicyException {
    Map<String, Map<String, Boolean>> restore = new TreeMap<>();
    for (Map.Entry<String, JsonNode> type : members("restore", node)) {
      Map<String, Boolean> switches = new TreeMap<>();
      for (Map.Entry<String, JsonNode> strategy : members("restore", type.getValue())) {
        switches.put(
            text("restore", strategy.getKey()).toLowerCase(Locale.ROOT),
            flag("restore", strategy.getValue()));
      }
      restore.put(text("restore", type.getKey()).toUpperCase(Locale.ROOT), switches);
    }
    return restore;
  }

  private static Map<String, String> tools(JsonNode node) throws InvalidPolicyException {
    Map<String, String> tools = new TreeMap<>();
    for (Map.Entry<String, JsonNode> tool : members("tools", node)) {
      tools.put(text("tools", tool.getKey()), word("tools", tool.getValue()));
    }
    return tools;
  }

  private static Iterable<Map.Entry<String, JsonNode>> members(String field, JsonNode node)
      throws InvalidPolicyException {
    if (!node.isMissingNode() && !node.isObject()) {
      throw new InvalidPolicyException(field, "not an object");
    }
    return node.properties();
  }

  private static List<DenyRow> deny(JsonNode node) throws InvalidPolicyException {
    List<DenyRow> deny = new ArrayList<>();
    for (JsonNode term : elements("deny", node)) {
      String at = "deny[" + deny.size() + "]";
      checkFields(at + ".", term, Set.of("phrase", "type"));
      deny.add(
          new DenyRow(
              text(at + ".phrase", term.path("phrase")), type(at + ".type", term.path("type"))));
    }
    return deny;
  }

  private static List<RecognizerRow> recognizers(JsonNode node) throws InvalidPolicyException {
    List<RecognizerRow> recognizers = new ArrayList<>();
    for (JsonNode recognizer : elements("recognizers", node)) {
      String at = "recognizers[" + recognizers.size() + "].";
      checkFields(
          at, recognizer, Set.of("name", "type", "patterns", "words", "context", "samples"));
      JsonNode samples = recognizer.path("samples");
      if (!samples.isMissingNode()) {
        checkFields(at + "samples.", samples, Set.of("positive", "negative"));
      }
      recognizers.add(
          new RecognizerRow(
              text(at + "name", recognizer.path("name")),
              type(at + "type", recognizer.path("type")),
              texts(at + "patterns", recognizer.path("patterns")),
              texts(at + "words", recognizer.path("words")),
              texts(at + "context", recognizer.path("context")),
              texts(at + "samples.positive", samples.path("positive")),
              texts(at + "samples.negative", samples.path("negative"))));
    }
    return recognizers;
  }

  private static void checkFields(String prefix, JsonNode node, Set<String> known)
      throws InvalidPolicyException {
    String self = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    if (!node.isObject()) {
      throw new InvalidPolicyException(self, "not an object");
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!known.contains(field.getKey())) {
        throw new InvalidPolicyException(
            self, "has a field other than " + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }

  private static Iterable<JsonNode> elements(String field, JsonNode node)
      throws InvalidPolicyException {
    if (!node.isMissingNode() && !node.isArray()) {
      throw new InvalidPolicyException(field, "not an array");
    }
    return node;
  }

  private static List<String> texts(String field, JsonNode node) throws InvalidPolicyException {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : elements(field, node)) {
      texts.add(text(field + "[" + texts.size() + "]", element));
    }
    return texts;
  }

  private static String type(String field, JsonNode node) throws InvalidPolicyException {
    return text(field, node).toUpperCase(Locale.ROOT);
  }

  private static String word(String field, JsonNode node) throws InvalidPolicyException {
    return text(field, node).toLowerCase(Locale.ROOT);
  }

  private static String text(String field, JsonNode node) throws InvalidPolicyException {
    if (!node.isTextual()) {
      throw new InvalidPolicyException(field, node.isMissingNode() ? "is missing" : "not a string");
    }
    return text(field, node.textValue());
  }

  /** As Postgres stores it. */
  private static String text(String field, String text) throws InvalidPolicyException {
    boolean storable =
        text.codePoints()
            .noneMatch(
                c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    if (!storable) {
      throw new InvalidPolicyException(field, "has a NUL or half of a surrogate pair");
    }
    return text;
  }

  /** None where it is null or not there. */
  private static OptionalInt hours(String field, JsonNode node) throws InvalidPolicyException {
    if (node.isMissingNode() || node.isNull()) {
      return OptionalInt.empty();
    }
    if (!node.isInt() || node.intValue() < 1 || node.intValue() > RECORD_HOURS_MAX) {
      throw new InvalidPolicyException(
          field, "neither null nor a whole number from 1 to " + RECORD_HOURS_MAX);
    }
    return OptionalInt.of(node.intValue());
  }

  private static boolean flag(String field, JsonNode node) throws InvalidPolicyException {
    if (!node.isBoolean()) {
      throw new InvalidPolicyException(field, "neither true nor false");
    }
    return node.booleanValue();
  }
}
