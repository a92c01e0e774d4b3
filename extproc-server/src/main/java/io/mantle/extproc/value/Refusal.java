package io.mantle.extproc.value;

import org.jspecify.annotations.Nullable;

/**
 * A failure whose words a client sees.
 *
 * @param status HTTP status
 * @param type the dialect's class of error, such as {@code invalid_request_error}
 * @param code stable name, listed in {@code docs/errors.md}
 * @param message for a person; holds nothing of the request's content
 * @param param which part of the request is meant, such as {@code messages[2].content}, or null
 * @param retryable whether the same request may succeed later
 */
public record Refusal(
    int status,
    String type,
    String code,
    String message,
    @Nullable String param,
    boolean retryable) {

  /** The caller must change something: a retry alone cannot help. */
  public static Refusal ofRequest(int status, String code, String message) {
    return new Refusal(status, "invalid_request_error", code, message, null, false);
  }

  /** Privacy cannot be assured right now, so nothing leaves. */
  public static Refusal unavailable(String code, String message) {
    return new Refusal(503, "api_error", code, message, null, true);
  }

  public Refusal at(String where) {
    return new Refusal(status, type, code, message, where, retryable);
  }
}
