package io.mantle.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code docs/openapi.yaml} as a judge of what the admin port and the gateway answer: its paths,
 * statuses, headers and fields, where a field or a header of ours that is not documented is wrong
 * as well, though clients are told to expect more. A request that was accepted has to be as
 * documented, too. Thread-safe.
 */
public final class ApiContract {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DOCUMENT = "docs/openapi.yaml";
  private static final Set<String> VERBS = Set.of("get", "put", "post", "delete");
  private static final Set<Integer> OF_NO_PATH = Set.of(400, 401, 403, 404, 501);

  /** Headers that have a meaning of ours, in small letters. */
  private static final Pattern OURS =
      Pattern.compile("x-(mantle|ratelimit)-.+|x-should-retry|retry-after|server-timing");

  private final JsonNode document;
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<String, Schema> compiled = new ConcurrentHashMap<>();

  /**
   * An answer to be judged.
   *
   * @param headers by name, whose case does not count
   */
  public record Answer(int status, Map<String, String> headers, String body) {
    public Answer {
      Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      byName.putAll(headers);
      headers = byName;
    }

    /** The same. */
    public static Answer of(HttpResponse<String> answer) {
      Map<String, String> headers = new TreeMap<>();
      answer.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
      return new Answer(answer.statusCode(), headers, answer.body());
    }

    private Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }
  }

  /** The judge by this document, which is changed: its objects are closed. */
  public ApiContract(JsonNode document) {
    this.document = document;
    close(document);
  }

  /** Objects have the fields that they are said to have and no others. */
  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.path("type").toString().contains("\"object\"")
        && object.path("properties").isObject()
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(ApiContract::close);
  }

  /** The document. */
  public JsonNode document() {
    return document;
  }

  /** The paths of the admin API, each with its verbs in small letters. */
  public Map<String, Set<String>> verbsByPath() {
    Map<String, Set<String>> verbs = new TreeMap<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                verbs.put(
                    path.getKey(),
                    path.getValue().properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(VERBS::contains)
                        .collect(Collectors.toSet())));
    return verbs;
  }

  /** Holds an answer to the document. */
  public void check(String verb, String pathAndQuery, String body, Answer answer) {
    String path = pathAndQuery.split("\\?", 2)[0];
    String asked = verb + " " + path + " -> " + answer.status();
    Optional<String> template = template(path);
    String method = verb.toLowerCase(Locale.ROOT);
    if (template.isEmpty()) {
      boolean isFileOfAPage = path.endsWith(".css") || path.endsWith(".js");
      expect(
          isFileOfAPage || OF_NO_PATH.contains(answer.status()),
          asked + ": add the path under paths in " + DOCUMENT);
      return;
    }
    JsonNode operation = document.path("paths").path(template.get()).path(method);
    if (operation.isMissingNode()) {
      boolean isPreflight = verb.equals("OPTIONS") && answer.status() == 204;
      expect(
          isPreflight || Set.of(401, 403, 404, 405).contains(answer.status()),
          asked + ": add " + method + " under paths." + template.get() + " in " + DOCUMENT);
      return;
    }
    String where = "paths." + template.get() + "." + method;
    JsonNode response =
        resolve(operation.path("responses").path(Integer.toString(answer.status())));
    expect(
        !response.isMissingNode(),
        asked
            + ": add this status under "
            + where
            + ".responses in "
            + DOCUMENT
            + ", such as one of components.responses; answered was "
            + answer.body());
    String place = where + ".responses." + answer.status();
    checkHeaders(asked, place, response, answer);
    checkBody(asked, place, response, answer);
    if (answer.status() < 300 && !body.isEmpty()) {
      JsonNode schema = operation.at("/requestBody/content/application~1json/schema");
      expect(
          !schema.isMissingNode(), asked + ": add the body it took as " + where + ".requestBody");
      judge(asked + ", the body that it took", where + ".requestBody", schema, body);
    }
  }

  private void checkHeaders(String asked, String place, JsonNode response, Answer answer) {
    Set<String> documented = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    response.path("headers").fieldNames().forEachRemaining(documented::add);
    for (String name : answer.headers().keySet()) {
      expect(
          documented.contains(name) || !OURS.matcher(name.toLowerCase(Locale.ROOT)).matches(),
          asked + ": add the header " + name + " under " + place + ".headers in " + DOCUMENT);
    }
    response
        .path("headers")
        .properties()
        .forEach(
            header -> {
              JsonNode described = resolve(header.getValue());
              Optional<String> sent = answer.header(header.getKey());
              expect(
                  sent.isPresent() || !described.path("required").asBoolean(),
                  asked + ": no header " + header.getKey() + ", which " + place + " promises");
              sent.ifPresent(
                  value ->
                      judge(
                          asked + ", header " + header.getKey(),
                          place + ".headers." + header.getKey(),
                          described.path("schema"),
                          JSON.valueToTree(value)));
            });
  }

  private void checkBody(String asked, String place, JsonNode response, Answer answer) {
    JsonNode content = response.path("content");
    if (content.isMissingNode()) {
      expect(answer.body().isEmpty(), asked + ": a body, of which " + place + " says nothing");
      return;
    }
    String type = answer.header("content-type").orElse("").split(";", 2)[0].strip();
    JsonNode schema = content.path(type).path("schema");
    expect(!schema.isMissingNode(), asked + ": add the type '" + type + "' under " + place);
    if (type.endsWith("json")) {
      judge(asked, place, schema, answer.body());
    }
  }

  private void judge(String asked, String place, JsonNode schema, String json) {
    try {
      judge(asked, place, schema, JSON.readTree(json));
    } catch (JsonProcessingException e) {
      throw new AssertionError(asked + ": not JSON", e);
    }
  }

  private void judge(String asked, String place, JsonNode schema, JsonNode value) {
    List<Error> errors = compiled.computeIfAbsent(place, _ -> compile(schema)).validate(value);
    expect(
        errors.isEmpty(),
        asked
            + ": mend the schema "
            + schema.path("$ref").asText(place)
            + " in "
            + DOCUMENT
            + ", or the answer: "
            + errors.stream()
                .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                .collect(Collectors.joining("; ")));
  }

  /** A schema as a document of its own, where what it refers to has the place JSON Schema names. */
  private Schema compile(JsonNode schema) {
    ObjectNode alone = schema.deepCopy();
    alone.set("$defs", document.at("/components/schemas"));
    return registry.getSchema(
        alone.toString().replace("#/components/schemas/", "#/$defs/"), InputFormat.JSON);
  }

  private JsonNode resolve(JsonNode node) {
    String reference = node.path("$ref").asText();
    return reference.isEmpty() ? node : document.at(reference.substring(1));
  }

  private Optional<String> template(String path) {
    String[] asked = path.split("/", -1);
    for (Map.Entry<String, JsonNode> documented : document.path("paths").properties()) {
      if (matches(documented.getKey().split("/", -1), asked)) {
        return Optional.of(documented.getKey());
      }
    }
    return Optional.empty();
  }

  private static boolean matches(String[] template, String[] asked) {
    boolean same = template.length == asked.length;
    for (int i = 0; same && i < asked.length; i++) {
      boolean any = template[i].startsWith("{") && !asked[i].isEmpty();
      same = any || template[i].equals(asked[i]);
    }
    return same;
  }

  private static void expect(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError("The API and its document differ. " + otherwise);
    }
  }
}
