package io.mantle.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.mantle.controlplane.database.InvalidPolicyException;
import io.mantle.controlplane.database.PrivacyJson;
import io.mantle.controlplane.database.PrivacyRow;
import io.mantle.controlplane.snapshot.PrivacyPolicies;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Strategy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds {@code docs/mantle.schema.json} to what the admin API takes of a policy. */
final class MantleSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode SCHEMA = schema();
  private static final JsonNode PRIVACY = SCHEMA.at("/$defs/privacy/properties");

  @Test
  void schema_isASchema() throws Exception {
    assertThat(
            SchemaRegistry.withDialect(Dialects.getDraft202012())
                .getSchema(SchemaLocation.of(Dialects.getDraft202012().getId()))
                .validate(SCHEMA.toString(), InputFormat.JSON))
        .isEmpty();
  }

  @Test
  void privacySection_hasTheFieldsOfThePolicy() {
    ObjectNode policy = DeclarationReader.json(PrivacyRow.DEFAULT);

    assertThat(names(PRIVACY.fieldNames())).isEqualTo(names(policy.fieldNames()));
  }

  @Test
  void nestedFields_areThoseOfThePolicy() throws Exception {
    PrivacyRow row =
        PrivacyJson.read(
            "{\"deny\":[{\"phrase\":\"x\",\"type\":\"ORG\"}],"
                + "\"recognizers\":[{\"name\":\"n\",\"type\":\"ORG\"}]}");
    ObjectNode policy = DeclarationReader.json(row);

    assertThat(names(PRIVACY.at("/deny/items/properties").fieldNames()))
        .isEqualTo(names(policy.at("/deny/0").fieldNames()));
    JsonNode recognizer = SCHEMA.at("/$defs/recognizer/properties");
    assertThat(names(recognizer.fieldNames()))
        .isEqualTo(names(policy.at("/recognizers/0").fieldNames()));
    assertThat(names(recognizer.at("/samples/properties").fieldNames()))
        .isEqualTo(names(policy.at("/recognizers/0/samples").fieldNames()));
  }

  @Test
  void types_areThoseOfTheEngine() {
    TreeSet<String> types = new TreeSet<>();
    Arrays.stream(EntityType.values()).map(EntityType::name).forEach(types::add);

    assertThat(words(SCHEMA.at("/$defs/entity_type/enum"))).isEqualTo(types);
    assertThat(names(PRIVACY.at("/actions/properties").fieldNames())).isEqualTo(types);
    types.add("*");
    assertThat(names(PRIVACY.at("/restore/properties").fieldNames())).isEqualTo(types);
    assertThat(names(SCHEMA.at("/$defs/strategies/properties").fieldNames()))
        .isEqualTo(
            new TreeSet<>(
                Arrays.stream(Strategy.values())
                    .map(strategy -> strategy.name().toLowerCase(Locale.ROOT))
                    .toList()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"preset", "recall", "mode", "media", "responses"})
  void words_ofTheSchema_areThoseThatTheApiTakes(String field) throws Exception {
    SortedSet<String> known = words(PRIVACY.path(field).path("enum"));

    assertThat(taken(field, Stream.concat(known.stream(), everyWord()))).isEqualTo(known);
  }

  @Test
  void actionsAndTools_ofTheSchema_areThoseThatTheApiTakes() throws Exception {
    assertThat(taken("actions", "PERSON", everyWord()))
        .isEqualTo(words(SCHEMA.at("/$defs/action/enum")));
    assertThat(taken("tools", "web", everyWord()))
        .isEqualTo(words(PRIVACY.at("/tools/additionalProperties/enum")));
  }

  /** Every word that stands anywhere in the schema. */
  private static Stream<String> everyWord() {
    return SCHEMA.findValues("enum").stream().flatMap(words -> words(words).stream()).distinct();
  }

  private static SortedSet<String> taken(String field, Stream<String> words) {
    TreeSet<String> taken = new TreeSet<>();
    words
        .filter(word -> isTaken(JsonNodeFactory.instance.objectNode().put(field, word)))
        .forEach(taken::add);
    return taken;
  }

  private static SortedSet<String> taken(String field, String key, Stream<String> words) {
    TreeSet<String> taken = new TreeSet<>();
    words
        .filter(
            word -> {
              ObjectNode policy = JsonNodeFactory.instance.objectNode();
              policy.putObject(field).put(key, word);
              return isTaken(policy);
            })
        .forEach(taken::add);
    return taken;
  }

  private static boolean isTaken(ObjectNode policy) {
    try {
      PrivacyPolicies.check(PrivacyJson.read(policy.toString()), true);
      return true;
    } catch (InvalidPolicyException e) {
      return false;
    }
  }

  private static SortedSet<String> names(Iterator<String> names) {
    TreeSet<String> all = new TreeSet<>();
    names.forEachRemaining(all::add);
    return all;
  }

  private static SortedSet<String> words(JsonNode array) {
    TreeSet<String> words = new TreeSet<>();
    array.forEach(word -> words.add(word.asText()));
    return words;
  }

  private static JsonNode schema() {
    try {
      return JSON.readTree(
          Files.readString(
              Path.of(System.getProperty("mantle.root"), "docs", "mantle.schema.json")));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
