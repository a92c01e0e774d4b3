package io.mantle.extproc.dialect;

import io.mantle.extproc.value.Refusal;
import io.mantle.privacy.json.JsonText;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A refusal as a client of the dialect reads it. */
public enum ErrorShape {
  /** {@code {"error":{"message","type","param","code"}}}. */
  OPENAI {
    @Override
    String json(Refusal refusal) {
      return "{\"error\":{" + said(refusal) + "}}";
    }

    @Override
    String eventJson(Refusal refusal) {
      return json(refusal);
    }
  },

  /** As {@link #OPENAI}, but for its event, which has the same members at its root. */
  OPENAI_RESPONSES {
    @Override
    String json(Refusal refusal) {
      return OPENAI.json(refusal);
    }

    @Override
    String eventJson(Refusal refusal) {
      return "{\"type\":\"error\",\"code\":%s,\"message\":%s,\"param\":%s}"
          .formatted(quoted(refusal.code()), quoted(refusal.message()), quoted(refusal.param()));
    }
  },

  /**
   * {@code {"type":"error","error":{"type","message"}}}. There is no place for a code and for where
   * it is, so the message says them.
   */
  ANTHROPIC {
    @Override
    String json(Refusal refusal) {
      String where = refusal.param() == null ? "" : ", at " + refusal.param();
      String message = refusal.message() + " (" + refusal.code() + where + ")";
      return "{\"type\":\"error\",\"error\":{\"type\":%s,\"message\":%s}}"
          .formatted(quoted(type(refusal)), quoted(message));
    }

    @Override
    String eventJson(Refusal refusal) {
      return json(refusal);
    }
  };

  abstract String json(Refusal refusal);

  abstract String eventJson(Refusal refusal);

  /** The whole body of an error answer. */
  public byte[] body(Refusal refusal) {
    return json(refusal).getBytes(StandardCharsets.UTF_8);
  }

  /** The last event of a stream that cannot go on. */
  public byte[] event(Refusal refusal) {
    return ("event: error\ndata: " + eventJson(refusal) + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String said(Refusal refusal) {
    return "\"message\":%s,\"type\":%s,\"param\":%s,\"code\":%s"
        .formatted(
            quoted(refusal.message()),
            quoted(refusal.type()),
            quoted(refusal.param()),
            quoted(refusal.code()));
  }

  /** Anthropic's word for a status ("Errors" in its API reference). */
  private static String type(Refusal refusal) {
    return switch (refusal.status()) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 529 -> "overloaded_error";
      default -> refusal.status() < 500 ? "invalid_request_error" : "api_error";
    };
  }

  private static String quoted(@Nullable String text) {
    return text == null ? "null" : '"' + JsonText.escape(text) + '"';
  }
}
