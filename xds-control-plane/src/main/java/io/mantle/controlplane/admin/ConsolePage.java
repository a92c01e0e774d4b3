package io.mantle.controlplane.admin;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * {@code /}: a page of three files that signs in, previews and shows the Envoys, over the admin API
 * as anyone may use it; and {@code /docs}, which shows {@code /openapi.json} to people. They load
 * nothing from elsewhere, and a browser is told to let them load nothing ({@link SecurityHeaders}).
 * Tokens are in the page's memory alone.
 */
final class ConsolePage {
  private enum File {
    PAGE("/", "index.html", "text/html; charset=utf-8"),
    STYLE("/console.css", "console.css", "text/css; charset=utf-8"),
    SCRIPT("/console.js", "console.js", "text/javascript; charset=utf-8"),
    DOCS("/docs", "docs.html", "text/html; charset=utf-8"),
    DOCS_STYLE("/docs.css", "docs.css", "text/css; charset=utf-8"),
    DOCS_SCRIPT("/docs.js", "docs.js", "text/javascript; charset=utf-8");

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

  /** Serves them. */
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
