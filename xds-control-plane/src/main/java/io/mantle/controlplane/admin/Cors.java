package io.mantle.controlplane.admin;

import io.javalin.http.Context;
import io.mantle.controlplane.database.AccountRepository;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Lets pages of other origins call the API, as far as tenants list their origins: what is below a
 * tenant for the origins of that tenant; signing in, the list of tenants and the preview, which a
 * page needs before it knows a tenant or without one, for the origins of any; what is of the
 * platform for none.
 *
 * <p>Security: origins are compared whole, and none is allowed to send cookies, of which the API
 * has none: a page can do what the token it was given allows, from an origin that is listed. A
 * preflight says nothing of a tenant to who does not know an origin that it lists.
 */
final class Cors {
  private static final Pattern ORIGIN =
      Pattern.compile(
          "https://(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\\[[0-9a-f:.]{2,45}])(?::[1-9][0-9]{0,4})?"
              + "|http://(?:localhost|127\\.0\\.0\\.1|\\[::1])(?::[1-9][0-9]{0,4})?");
  private static final int ORIGINS_MAX = 20;
  private static final int ORIGIN_CHARS_MAX = 300;
  private static final String REQUEST_HEADERS =
      "Authorization, Content-Type, If-Match, Idempotency-Key";
  private static final String ANSWER_HEADERS =
      "ETag, Retry-After, Idempotent-Replayed, Allow, WWW-Authenticate";
  private static final String MAX_AGE_SECONDS = "600";

  private final AccountRepository accounts;

  Cors(AccountRepository accounts) {
    this.accounts = accounts;
  }

  /** The origins of a request's body, each as a browser would send it. */
  static List<String> origins(JsonBody body, String field) {
    List<String> origins = body.texts(field, ORIGINS_MAX, ORIGIN_CHARS_MAX);
    for (int i = 0; i < origins.size(); i++) {
      if (!isOrigin(origins.get(i))) {
        throw Problem.invalid(
            field + "[" + i + "]",
            "It is no origin as browsers send it: https://host or https://host:port in small"
                + " letters, or http:// on loopback; no path, wildcard or default port.");
      }
    }
    return origins.stream().distinct().sorted().toList();
  }

  /** Before everything else of the API: a preflight has no token. */
  void judge(Context context) {
    context.header("Vary", "Origin");
    String origin = context.header("Origin");
    if (origin == null) {
      return;
    }
    List<Operation> atPath = Operation.at(context.path());
    boolean isAllowed = isOrigin(origin) && isAllowed(origin, context.path(), atPath);
    if (isAllowed) {
      context
          .header("Access-Control-Allow-Origin", origin)
          .header("Access-Control-Expose-Headers", ANSWER_HEADERS);
    }
    if (isPreflight(context)) {
      if (!isAllowed) {
        throw new Problem(403, "Forbidden", "No tenant lists this origin for this path.");
      }
      context
          .header(
              "Access-Control-Allow-Methods",
              atPath.stream()
                  .map(operation -> operation.verb().name())
                  .collect(Collectors.joining(", ")))
          .header("Access-Control-Allow-Headers", REQUEST_HEADERS)
          .header("Access-Control-Max-Age", MAX_AGE_SECONDS)
          .status(204)
          .skipRemainingHandlers();
    }
  }

  private boolean isAllowed(String origin, String path, List<Operation> atPath) {
    if (atPath.isEmpty() || atPath.stream().anyMatch(Operation::isOfPlatform)) {
      return false;
    }
    Optional<String> tenant =
        atPath.getFirst().isOfTenant() ? Optional.of(path.split("/", -1)[4]) : Optional.empty();
    return accounts.isOriginListed(origin, tenant);
  }

  private static boolean isPreflight(Context context) {
    return context.method().name().equals("OPTIONS")
        && context.header("Access-Control-Request-Method") != null;
  }

  private static boolean isOrigin(String text) {
    return text.length() <= ORIGIN_CHARS_MAX
        && ORIGIN.matcher(text).matches()
        && !text.endsWith(defaultPort(text));
  }

  private static String defaultPort(String origin) {
    return origin.startsWith("https") ? ":443" : ":80";
  }
}
