package io.mantle.extproc.request;

import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import io.mantle.privacy.json.MalformedJsonException;
import java.util.List;

/**
 * What the gateway itself must know of a request to a model. All else is the provider's to judge.
 *
 * @param model the model asked for
 * @param streamed whether a stream was asked for
 * @param answerIsJson whether it asks for an answer that is a JSON text
 */
record ModelRequest(JsonDocument document, String model, boolean streamed, boolean answerIsJson) {

  /**
   * Reads the body.
   *
   * @throws RefusedException 400 if it is not a JSON object, or what is read here is missing, of
   *     the wrong kind, or stands there twice: which one the provider would read is in doubt
   */
  static ModelRequest read(byte[] body, Dialect dialect) throws RefusedException {
    JsonDocument document;
    try {
      document = JsonDocument.parse(body);
    } catch (MalformedJsonException e) {
      throw refused("invalid_json", "The body is not valid JSON: " + e.getMessage() + ".");
    }
    int root = document.root();
    if (document.kind(root) != JsonKind.OBJECT) {
      throw refused("invalid_json", "The body is not a JSON object.");
    }
    for (String member : dialect.readOnce()) {
      if (document.count(root, member) > 1) {
        throw refusedAt(member, "duplicate_parameter", "'" + member + "' stands there twice.");
      }
    }
    int model = document.member(root, "model");
    if (model < 0 || document.kind(model) != JsonKind.STRING) {
      throw refusedAt("model", "missing_required_parameter", "'model' is missing or not a string.");
    }
    return new ModelRequest(
        document,
        document.text(model).value(),
        streamed(document, document.member(root, "stream")),
        dialect.formats().stream().anyMatch(way -> asksForJson(document, way)));
  }

  private static boolean asksForJson(JsonDocument document, List<String> way) {
    int format = document.root();
    for (String member : way) {
      format = format < 0 ? -1 : document.member(format, member);
    }
    int type = format < 0 ? -1 : document.member(format, "type");
    return document.says(type, "json_object") || document.says(type, "json_schema");
  }

  private static boolean streamed(JsonDocument document, int stream) throws RefusedException {
    if (stream < 0) {
      return false;
    }
    return switch (document.kind(stream)) {
      case TRUE -> true;
      case FALSE, NULL -> false;
      case OBJECT, ARRAY, KEY, STRING, NUMBER ->
          throw refusedAt("stream", "invalid_type", "'stream' is neither true nor false.");
    };
  }

  private static RefusedException refused(String code, String message) {
    return new RefusedException(Refusal.ofRequest(400, code, message));
  }

  private static RefusedException refusedAt(String where, String code, String message) {
    return new RefusedException(Refusal.ofRequest(400, code, message).at(where));
  }
}
