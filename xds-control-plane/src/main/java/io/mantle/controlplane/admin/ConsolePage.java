package io.mantle.controlplane.admin;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * {@code /}: a page of three files that signs in, previews and shows the Envoys, over the admin API
 * as anyone may use it. It loads nothing from elsewhere, and a browser is told to let it load
 * nothing. Tokens are in the page's memory alone.
 */
final class ConsolePage {
  /**
   * No inline script or style, nothing from elsewhere, no page around it. Forms are sent by the
   * script; should it fail, a form that is sent by the browser would put a password in a URL.
   */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " object-src 'none'";

  private enum File {
    PAGE("/", "index.html", "text/html; charset=utf-8"),
    STYLE("/console.css", "console.css", "text/css; charset=utf-8"),
    SCRIPT("/console.js", "console.js", "text/javascript; charset=utf-8");

    private final String path;
    private final String resource;
    private final String contentType;

    File(String path, String resource, String contentType) {
      this.path = path;
      this.resource = resource;
      this.contentType = contentType;
    }
  }

  private ConsolePage() {}

  /** Serves the page; what every answer of the port says to a browser is {@link #protect}'s. */
  static void serve(RoutesConfig routes) {
    for (File file : File.values()) {
      byte[] content = content(file.resource);
      routes.get(
          file.path,
          context ->
              context
                  .header("Cache-Control", "no-cache")
                  .contentType(file.contentType)
                  .result(content));
    }
  }

  /** For every answer, since a browser can be led to any of them. */
  static void protect(Context context) {
    context
        .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer");
  }

  private static byte[] content(String resource) {
    try (InputStream in = ConsolePage.class.getResourceAsStream("console/" + resource)) {
      if (in == null) {
        throw new IllegalStateException("the resource console/" + resource + " is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
