package io.mantle.extproc.request;

import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.RequestHead;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a request's head must be. */
final class Heads {

  private Heads() {}

  /**
   * What is asked for.
   *
   * @throws RefusedException 404 that names what there is
   */
  static Endpoint endpoint(RequestHead head) throws RefusedException {
    String path = head.path();
    Endpoint endpoint = Endpoint.of(head.method(), path);
    if (endpoint != null) {
      return endpoint;
    }
    if (path.startsWith("/v1/v1/")) {
      throw new RefusedException(
          Refusal.ofRequest(
              404,
              "unknown_endpoint",
              "The path begins with /v1 twice: this client adds /v1 itself, so leave it out of the base URL."));
    }
    throw new RefusedException(
        Refusal.ofRequest(
            404, "unknown_endpoint", "No such endpoint. There is: " + Endpoint.listed() + "."));
  }

  /**
   * Checks that a body comes, and that it is JSON that can be read.
   *
   * @throws RefusedException 400 or 415
   */
  static void checkBody(RequestHead head) throws RefusedException {
    if (!head.bodyFollows()) {
      throw new RefusedException(
          Refusal.ofRequest(400, "missing_body", "The request has no body."));
    }
    if (head.header("upgrade") != null) {
      throw new RefusedException(
          Refusal.ofRequest(400, "upgrade_refused", "Upgrades are not supported."));
    }
    String encoding = head.header("content-encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new RefusedException(
          Refusal.ofRequest(
              415, "unsupported_encoding", "Send the body without a content-encoding."));
    }
    if (!isJson(head.header("content-type"))) {
      throw new RefusedException(
          Refusal.ofRequest(
              415, "unsupported_media_type", "Send the body as 'content-type: application/json'."));
    }
  }

  private static boolean isJson(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().replace("\"", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        return false;
      }
    }
    return parts[0].strip().equals("application/json");
  }

  /**
   * Whether the client wants real values back.
   *
   * @throws RefusedException 400 if it says neither true nor false
   */
  static boolean rehydrate(RequestHead head) throws RefusedException {
    String rehydrate = head.header("x-privacy-gateway-rehydrate");
    if (rehydrate == null || rehydrate.equalsIgnoreCase("true")) {
      return true;
    }
    if (rehydrate.equalsIgnoreCase("false")) {
      return false;
    }
    throw new RefusedException(
        Refusal.ofRequest(
            400, "invalid_header", "X-Privacy-Gateway-Rehydrate is neither true nor false."));
  }
}
