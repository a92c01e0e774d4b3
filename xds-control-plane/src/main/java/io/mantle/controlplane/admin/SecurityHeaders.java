package io.mantle.controlplane.admin;

import java.util.Map;
import java.util.TreeMap;

/**
 * What every answer of the admin port tells a browser, since a browser can be led to any of them:
 * load nothing from elsewhere, guess no types, let no page be put around this one, keep no copy.
 */
final class SecurityHeaders {
  /**
   * No inline script or style, nothing from elsewhere, no page around it. Forms are sent by the
   * script; should it fail, a form that is sent by the browser would put a password in a URL.
   */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " object-src 'none'";

  /** A year, without subdomains, which may be somebody else's. */
  private static final String STRICT_TRANSPORT_SECURITY = "max-age=31536000";

  private SecurityHeaders() {}

  /**
   * The headers by their names.
   *
   * @param https whether the port speaks TLS; over plain http browsers are to ignore the last
   */
  static Map<String, String> of(boolean https) {
    Map<String, String> headers =
        new TreeMap<>(
            Map.of(
                "Content-Security-Policy",
                CONTENT_SECURITY_POLICY,
                "X-Content-Type-Options",
                "nosniff",
                "X-Frame-Options",
                "DENY",
                "Referrer-Policy",
                "no-referrer",
                "Cross-Origin-Resource-Policy",
                "same-origin",
                "Cache-Control",
                "no-store"));
    if (https) {
      headers.put("Strict-Transport-Security", STRICT_TRANSPORT_SECURITY);
    }
    return Map.copyOf(headers);
  }
}
