package io.mantle.extproc.request;

import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Asks a stream for its usage, which it tells only where {@code stream_options.include_usage} is
 * true.
 */
final class StreamUsage {
  private static final String ASK = "\"include_usage\":true";

  private StreamUsage() {}

  /** The edit that asks, or null where the client asked itself. */
  static @Nullable Edit edit(JsonDocument document) {
    int root = document.root();
    int options = document.member(root, "stream_options");
    if (options < 0) {
      return insert(document.bodyEnd(root) - 1, ",\"stream_options\":{" + ASK + "}");
    }
    if (document.kind(options) != JsonKind.OBJECT) {
      // null, or what the provider is going to refuse
      return document.kind(options) == JsonKind.NULL
          ? replace(document, options, "{" + ASK + "}")
          : null;
    }
    int asked = document.member(options, "include_usage");
    if (asked >= 0) {
      return document.kind(asked) == JsonKind.TRUE ? null : replace(document, asked, "true");
    }
    boolean empty = document.firstChild(options) == document.after(options);
    return insert(document.bodyStart(options) + 1, ASK + (empty ? "" : ","));
  }

  private static Edit insert(int at, String text) {
    return new Edit(at, at, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Edit replace(JsonDocument document, int token, String text) {
    return new Edit(
        document.bodyStart(token), document.bodyEnd(token), text.getBytes(StandardCharsets.UTF_8));
  }
}
