package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as RFC 9457 has it; where one field of the request is meant, {@code field} names it.
 */
final class Problem extends RuntimeException {
  static final String MEDIA_TYPE = "application/problem+json";

  private final int status;
  private final String title;
  private final String detail;
  private final @Nullable String field;

  Problem(int status, String title, String detail) {
    this(status, title, detail, null);
  }

  private Problem(int status, String title, String detail, @Nullable String field) {
    super(title, null, false, false);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.field = field;
  }

  static Problem noSuchTenant() {
    return new Problem(404, "Not found", "There is no such tenant.");
  }

  static Problem notFound(String what) {
    return new Problem(404, "Not found", "There is no such " + what + ".");
  }

  /** A value that cannot be stored. */
  static Problem invalid(String field, String reason) {
    return new Problem(422, "Invalid value", reason, field);
  }

  Problem at(String namedField) {
    return new Problem(status, title, detail, namedField);
  }

  void writeTo(Context context) {
    ObjectNode document =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "about:blank")
            .put("title", title)
            .put("status", status)
            .put("detail", detail);
    if (field != null) {
      document.put("field", field);
    }
    context.status(status).contentType(MEDIA_TYPE).result(document.toString());
  }
}
