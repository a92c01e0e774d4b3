package io.mantle.cli.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.cli.apply.Declaration.Credential;
import io.mantle.controlplane.database.InvalidPolicyException;
import io.mantle.controlplane.database.ModelPrice;
import io.mantle.controlplane.database.PrivacyJson;
import io.mantle.controlplane.database.PrivacyRow;
import io.mantle.controlplane.database.Rates;
import io.mantle.controlplane.database.Usd;
import io.mantle.controlplane.snapshot.InvalidTenantException;
import io.mantle.controlplane.snapshot.PrivacyPolicies;
import io.mantle.controlplane.snapshot.ProviderAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Makes a {@link Declaration} of a file that is as the schema has it, and finds what a schema
 * cannot: names given twice, base URLs that are none, and policies that would be refused. Policies
 * are judged by the code that the control plane judges them with, samples included.
 */
final class DeclarationReader {
  private static final JsonMapper JSON = new JsonMapper();

  private final LocatedYaml yaml;
  private final List<Flaw> flaws = new ArrayList<>();

  DeclarationReader(LocatedYaml yaml) {
    this.yaml = yaml;
  }

  /**
   * Reads it.
   *
   * @throws InvalidFileException with everything that is wrong
   */
  Declaration read() throws InvalidFileException {
    List<Declaration.Tenant> tenants = entries(yaml.root(), "", "tenants", this::tenant);
    checkUnique(tenants, Declaration.Tenant::id, Declaration.Tenant::pointer, "/id");
    if (!flaws.isEmpty()) {
      throw new InvalidFileException(flaws);
    }
    return new Declaration(tenants);
  }

  private Declaration.Tenant tenant(JsonNode node, String pointer) {
    Declaration.Tenant tenant =
        new Declaration.Tenant(
            pointer,
            text(node, "id"),
            text(node, "name"),
            textIfGiven(node, "plan"),
            node.has("cors_origins")
                ? Optional.of(texts(node.path("cors_origins")))
                : Optional.empty(),
            node.has("privacy")
                ? Optional.of(privacy(node.path("privacy"), Pointer.child(pointer, "privacy")))
                : Optional.empty(),
            node.path("limits") instanceof ObjectNode limits
                ? Optional.of(limits)
                : Optional.empty(),
            node.has("budget") ? Optional.of(node.path("budget")) : Optional.empty(),
            section(node, pointer, "providers", this::provider),
            section(node, pointer, "routes", this::route),
            section(node, pointer, "keys", this::key),
            section(node, pointer, "prices", this::price));
    tenant
        .providers()
        .ifPresent(
            all ->
                checkUnique(
                    all, Declaration.Provider::name, Declaration.Provider::pointer, "/name"));
    tenant
        .routes()
        .ifPresent(
            all ->
                checkUnique(
                    all,
                    Declaration.Route::modelPattern,
                    Declaration.Route::pointer,
                    "/model_pattern"));
    tenant
        .keys()
        .ifPresent(
            all -> checkUnique(all, Declaration.Key::name, Declaration.Key::pointer, "/name"));
    tenant
        .prices()
        .ifPresent(
            all ->
                checkUnique(
                    all, Declaration.Price::name, Declaration.Price::pointer, "/model_pattern"));
    return tenant;
  }

  private Declaration.Provider provider(JsonNode node, String pointer) {
    String baseUrl = text(node, "base_url");
    try {
      ProviderAddress.isInternal(baseUrl);
    } catch (InvalidTenantException e) {
      flaws.add(yaml.flaw(Pointer.child(pointer, "base_url"), String.valueOf(e.getMessage())));
    }
    return new Declaration.Provider(
        pointer,
        text(node, "name"),
        textIfGiven(node, "kind").orElse("openai"),
        baseUrl,
        texts(node.path("models")),
        node.path("accepts_stream_usage").asBoolean(true),
        node.has("allow_private_addresses")
            ? Optional.of(node.path("allow_private_addresses").booleanValue())
            : Optional.empty(),
        credential(node));
  }

  private static Credential credential(JsonNode node) {
    if (!node.has("credential")) {
      return new Credential.Unsaid();
    }
    return node.path("credential").isNull()
        ? new Credential.None()
        : new Credential.Given(text(node, "credential"));
  }

  private Declaration.Route route(JsonNode node, String pointer) {
    List<String> providers = texts(node.path("providers"));
    Map<String, String> mapping = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.path("model_mapping").properties()) {
      if (!providers.contains(entry.getKey())) {
        flaws.add(
            yaml.flaw(
                Pointer.child(pointer, "model_mapping"),
                "it names what is no provider of this route"));
      }
      mapping.put(entry.getKey(), entry.getValue().textValue());
    }
    return new Declaration.Route(
        pointer,
        text(node, "model_pattern"),
        providers,
        mapping,
        wholeIfGiven(node, "retries"),
        wholeIfGiven(node, "first_byte_timeout_seconds"));
  }

  private static OptionalInt wholeIfGiven(JsonNode node, String field) {
    return node.path(field).isNumber()
        ? OptionalInt.of(node.path(field).intValue())
        : OptionalInt.empty();
  }

  private Declaration.Key key(JsonNode node, String pointer) {
    return new Declaration.Key(pointer, text(node, "name"), textIfGiven(node, "secret_file"));
  }

  private Declaration.Price price(JsonNode node, String pointer) {
    ObjectNode body =
        JSON.createObjectNode()
            .put("provider_kind", textIfGiven(node, "provider_kind").orElse(ModelPrice.ANY_KIND))
            .put("model_pattern", text(node, "model_pattern"))
            .put("valid_from", text(node, "valid_from"))
            .put("input_usd_per_million", dollars(node, pointer, "input_usd_per_million"))
            .put(
                "cached_input_usd_per_million",
                node.path("cached_input_usd_per_million").isValueNode()
                        && !node.path("cached_input_usd_per_million").isNull()
                    ? dollars(node, pointer, "cached_input_usd_per_million")
                    : null)
            .put("output_usd_per_million", dollars(node, pointer, "output_usd_per_million"));
    return new Declaration.Price(pointer, nameOfPrice(body), body);
  }

  /** What no two prices of a tenant have. */
  static String nameOfPrice(JsonNode price) {
    return "%s of %s from %s"
        .formatted(
            price.path("model_pattern").asText(),
            price.path("provider_kind").asText(),
            price.path("valid_from").asText());
  }

  /** As the admin API writes them; a number of YAML as it stands in the file. */
  private String dollars(JsonNode node, String pointer, String field) {
    JsonNode value = node.path(field);
    String text = value.isNumber() ? value.decimalValue().toPlainString() : value.asText();
    OptionalLong nanos = Usd.nanos(text);
    if (nanos.isEmpty() || nanos.getAsLong() > Rates.NANO_USD_MAX) {
      flaws.add(
          yaml.flaw(Pointer.child(pointer, field), "not 0 to 10000 dollars with nine decimals"));
      return text;
    }
    return Usd.text(nanos.getAsLong());
  }

  /** Whether the deep tier is there, the control plane alone knows; it may still refuse that. */
  private ObjectNode privacy(JsonNode node, String pointer) {
    try {
      PrivacyRow policy = PrivacyJson.read(node.toString());
      PrivacyPolicies.check(policy, true);
      return json(policy);
    } catch (InvalidPolicyException e) {
      flaws.add(yaml.flaw(Pointer.ofField(pointer, e.field()), e.reason()));
      return JSON.createObjectNode();
    }
  }

  /** A policy as the admin API shows it. */
  static ObjectNode json(PrivacyRow policy) {
    try {
      return (ObjectNode) JSON.readTree(PrivacyJson.write(policy));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a policy is written as a JSON object", e);
    }
  }

  private <T> void checkUnique(
      List<T> entries,
      java.util.function.Function<T, String> name,
      java.util.function.Function<T, String> pointer,
      String field) {
    Set<String> names = new HashSet<>();
    for (T entry : entries) {
      if (!names.add(name.apply(entry))) {
        flaws.add(yaml.flaw(pointer.apply(entry) + field, "another entry above has it too"));
      }
    }
  }

  private static <T> Optional<List<T>> section(
      JsonNode node, String pointer, String name, BiFunction<JsonNode, String, T> read) {
    return node.has(name) ? Optional.of(entries(node, pointer, name, read)) : Optional.empty();
  }

  private static <T> List<T> entries(
      JsonNode node, String pointer, String name, BiFunction<JsonNode, String, T> read) {
    List<T> entries = new ArrayList<>();
    for (JsonNode entry : node.path(name)) {
      entries.add(read.apply(entry, Pointer.child(Pointer.child(pointer, name), entries.size())));
    }
    return entries;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).textValue();
  }

  private static Optional<String> textIfGiven(JsonNode node, String field) {
    return Optional.ofNullable(node.path(field).textValue());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.textValue()));
    return texts;
  }
}
