package io.mantle.extproc.request;

import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.dialect.ErrorShape;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.ProviderKind;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a request's head must be. */
final class Heads {
  private static final String ANTHROPIC_VERSION = "anthropic-version";
  private static final String DEFAULT_ANTHROPIC_VERSION = "2023-06-01";
  private static final Pattern VERSION = Pattern.compile("20[0-9]{2}-[0-9]{2}-[0-9]{2}");
  private static final String BETA = "[a-z][a-z0-9-]{2,60}-20[0-9]{2}-[0-9]{2}-[0-9]{2}";

  /** "Beta headers" in Anthropic's API reference: a name and a date, several with commas. */
  private static final Pattern BETAS = Pattern.compile(BETA + "(?:, ?" + BETA + "){0,19}");

  private static final Set<String> ACCEPTED =
      Set.of("*/*", "application/json", "text/event-stream", "application/json, text/event-stream");
  private static final String ANYTHING = "*/*";

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

  /** How a refusal of this request is said: as its endpoint does, or as its client seems to. */
  static ErrorShape errors(RequestHead head) {
    Endpoint endpoint = Endpoint.of(head.method(), head.path());
    return switch (endpoint) {
      case null -> isAnthropic(head) ? ErrorShape.ANTHROPIC : ErrorShape.OPENAI;
      case MODELS, MODEL -> isAnthropic(head) ? ErrorShape.ANTHROPIC : ErrorShape.OPENAI;
      case CHAT_COMPLETIONS,
          COMPLETIONS,
          RESPONSES,
          RESPONSE,
          DELETED_RESPONSE,
          EMBEDDINGS,
          MESSAGES,
          COUNT_TOKENS ->
          endpoint.dialect().errors();
    };
  }

  /** Whether it is a client of Anthropic's, which all say which version of the API they speak. */
  static boolean isAnthropic(RequestHead head) {
    return head.header(ANTHROPIC_VERSION) != null || head.path().startsWith("/v1/messages");
  }

  /**
   * Which of the client's headers leave. A client's own words may not leave in a header, so each
   * has a shape.
   */
  static List<Header> leaving(RequestHead head, ProviderKind provider) {
    List<Header> headers = new ArrayList<>();
    String accept = head.header("accept");
    headers.add(
        new Header("accept", accept != null && ACCEPTED.contains(accept) ? accept : ANYTHING));
    switch (provider) {
      case OPENAI -> {}
      case ANTHROPIC -> {
        String version = head.header(ANTHROPIC_VERSION);
        headers.add(
            new Header(
                ANTHROPIC_VERSION,
                version != null && VERSION.matcher(version).matches()
                    ? version
                    : DEFAULT_ANTHROPIC_VERSION));
        String betas = head.header("anthropic-beta");
        if (betas != null && BETAS.matcher(betas).matches()) {
          headers.add(new Header("anthropic-beta", betas));
        }
      }
    }
    return headers;
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
