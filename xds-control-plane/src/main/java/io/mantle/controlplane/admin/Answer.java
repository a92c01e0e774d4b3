package io.mantle.controlplane.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.mantle.controlplane.database.Page;
import io.mantle.controlplane.database.Sha256;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a request is answered: a status and a JSON text, which may be empty.
 *
 * @param etag of the resource; empty where it has none
 */
record Answer(int status, String body, String etag) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ETAG_BYTES = 8;
  private static final int LIMIT_DEFAULT = 50;
  private static final int LIMIT_MAX = 200;

  static Answer of(ObjectNode resource) {
    return new Answer(200, resource.toString(), etagOf(resource));
  }

  /**
   * The resource with something about it that is no part of it.
   *
   * @param shown the resource and that
   */
  static Answer of(ObjectNode shown, ObjectNode resource) {
    return new Answer(200, shown.toString(), etagOf(resource));
  }

  /** Of something new; what is shown this once is no part of the tag. */
  static Answer created(ObjectNode shownOnce, ObjectNode resource) {
    return new Answer(201, shownOnce.toString(), etagOf(resource));
  }

  static Answer nothing() {
    return new Answer(204, "", "");
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** A page: what was asked for, and where the next begins. */
  static <T> Answer page(
      Page page, List<T> oneMore, Function<T, ObjectNode> json, Function<T, String> id) {
    boolean more = oneMore.size() > page.limit();
    List<T> shown = more ? oneMore.subList(0, page.limit()) : oneMore;
    ObjectNode body = object();
    ArrayNode data = body.putArray("data");
    shown.forEach(item -> data.add(json.apply(item)));
    body.put("next", more ? id.apply(shown.getLast()) : null);
    return new Answer(200, body.toString(), "");
  }

  /**
   * The page that a request asks for by {@code limit} and {@code after}.
   *
   * @param isPlace whether {@code next} may have said this
   */
  static Page pageOf(Context context, Predicate<String> isPlace) {
    int limit = LIMIT_DEFAULT;
    String asked = context.queryParam("limit");
    if (asked != null) {
      if (!asked.matches("[0-9]{1,4}")
          || Integer.parseInt(asked) < 1
          || Integer.parseInt(asked) > LIMIT_MAX) {
        throw new Problem(
                400, "Malformed request", "limit is a whole number from 1 to " + LIMIT_MAX + ".")
            .at("limit");
      }
      limit = Integer.parseInt(asked);
    }
    Optional<String> after = Optional.ofNullable(context.queryParam("after"));
    if (after.filter(isPlace.negate()).isPresent()) {
      throw new Problem(400, "Malformed request", "after is what next said before.").at("after");
    }
    return new Page(limit, after);
  }

  /** The same, where lists are in the order of ids that are UUIDs. */
  static Page pageOfIds(Context context) {
    return pageOf(context, after -> uuid(after).isPresent())
        .mapAfter(after -> UUID.fromString(after).toString());
  }

  /** The id in a path; where it is none, there is no such thing. */
  static UUID idOf(Context context, String what) {
    return uuid(context.pathParam("id")).orElseThrow(() -> Problem.notFound(what));
  }

  static Optional<UUID> uuid(String text) {
    try {
      return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Refuses where {@code If-Match} names another version than the one stored. */
  static void checkIfMatch(Context context, ObjectNode stored) {
    if (!isMatch(context, etagOf(stored))) {
      throw notAsStored();
    }
  }

  /** Whether a change is meant for what is stored under this tag. */
  static boolean isMatch(Context context, String etag) {
    String ifMatch = context.header("If-Match");
    return ifMatch == null
        || ifMatch.strip().equals("*")
        || Arrays.stream(ifMatch.split(",", -1)).map(String::strip).anyMatch(etag::equals);
  }

  static Problem notAsStored() {
    return new Problem(
        412, "Precondition failed", "What is stored is not what If-Match names; read it again.");
  }

  private static String etagOf(ObjectNode resource) {
    return etagOf(resource.toString());
  }

  static String etagOf(String json) {
    byte[] hash = Sha256.of(json);
    return '"' + HexFormat.of().formatHex(hash, 0, ETAG_BYTES) + '"';
  }

  /** As it is kept for whoever sends the same request again. */
  String serialize() {
    return object().put("status", status).put("body", body).put("etag", etag).toString();
  }

  static Answer deserialize(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      return new Answer(
          node.required("status").intValue(),
          node.required("body").textValue(),
          node.required("etag").textValue());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored answer is not JSON", e);
    }
  }

  void writeTo(Context context) {
    context.status(status).header("Cache-Control", "no-store");
    if (!etag.isEmpty()) {
      context.header("ETag", etag);
    }
    if (!body.isEmpty()) {
      context.contentType("application/json").result(body);
    }
  }

  /** Not the body, which may hold a secret. */
  @Override
  public String toString() {
    return "Answer[" + status + "]";
  }
}
