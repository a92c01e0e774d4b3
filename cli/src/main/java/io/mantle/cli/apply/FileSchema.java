package io.mantle.cli.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * {@code docs/mantle.schema.json}: what a file may hold, and of which type. Its complaints are in
 * our words, since those of the validator may quote a value.
 */
final class FileSchema {
  private static final String RESOURCE = "mantle.schema.json";

  private final Schema schema;

  FileSchema() {
    try (InputStream in =
        Objects.requireNonNull(FileSchema.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      schema =
          SchemaRegistry.withDialect(Dialects.getDraft202012()).getSchema(in, InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything in a file that is not as the schema has it. */
  List<Flaw> flaws(LocatedYaml yaml) {
    return schema.validate(yaml.root()).stream().map(error -> flaw(yaml, error)).toList();
  }

  private Flaw flaw(LocatedYaml yaml, Error error) {
    String pointer = error.getInstanceLocation().toString();
    JsonNode wanted = keyword(error);
    return switch (error.getKeyword()) {
      case "required" -> yaml.flaw(Pointer.child(pointer, error.getProperty()), "it is missing");
      case "additionalProperties" ->
          yaml.flawOfKey(
              Pointer.child(pointer, error.getProperty()),
              "there is no such field; there are " + String.join(", ", siblings(error)));
      case "type" -> yaml.flaw(pointer, "it has to be of type " + words(wanted, " or "));
      case "enum" -> yaml.flaw(pointer, "it is none of " + words(wanted, ", "));
      case "const" -> yaml.flaw(pointer, "it can only be " + wanted);
      case "pattern" -> yaml.flaw(pointer, "it does not match " + wanted.asText());
      case "minLength" -> yaml.flaw(pointer, "it is shorter than " + wanted + " characters");
      case "maxLength" -> yaml.flaw(pointer, "it is longer than " + wanted + " characters");
      case "minimum", "maximum" ->
          yaml.flaw(pointer, "it is out of range, which ends at " + wanted);
      case "minItems" -> yaml.flaw(pointer, "it has fewer than " + wanted + " entries");
      case "maxItems", "maxProperties" ->
          yaml.flaw(pointer, "it has more than " + wanted + " entries");
      case "uniqueItems" -> yaml.flaw(pointer, "it has an entry twice");
      default ->
          yaml.flaw(
              pointer,
              "the schema refuses it (" + error.getKeyword().toLowerCase(Locale.ROOT) + ")");
    };
  }

  private JsonNode keyword(Error error) {
    return schema.getSchemaNode().at(fragment(error));
  }

  /** The fields that there are where there is one too many. */
  private List<String> siblings(Error error) {
    List<String> names = new ArrayList<>();
    schema
        .getSchemaNode()
        .at(Pointer.parent(fragment(error)) + "/properties")
        .fieldNames()
        .forEachRemaining(names::add);
    return names;
  }

  private static String fragment(Error error) {
    return error.getSchemaLocation().getFragment().toString();
  }

  private static String words(JsonNode wanted, String between) {
    List<String> words = new ArrayList<>();
    (wanted.isArray() ? wanted : List.of(wanted)).forEach(word -> words.add(word.asText()));
    return String.join(between, words);
  }
}
