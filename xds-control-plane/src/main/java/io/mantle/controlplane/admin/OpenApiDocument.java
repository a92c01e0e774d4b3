package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * {@code /openapi.json}: the OpenAPI document of the admin API and the data plane, written by hand
 * in {@code docs/openapi.yaml} and packed with this class. Tests hold the API to it.
 */
final class OpenApiDocument {
  private OpenApiDocument() {}

  /** Read when it is first asked for, since a start is not to wait for it. */
  private static final class Json {
    private static final byte[] BYTES = read().toString().getBytes(StandardCharsets.UTF_8);
  }

  static void serve(RoutesConfig routes) {
    routes.get(
        "/openapi.json", context -> context.contentType("application/json").result(Json.BYTES));
  }

  private static JsonNode read() {
    try (InputStream in = OpenApiDocument.class.getResourceAsStream("openapi.yaml")) {
      if (in == null) {
        throw new IllegalStateException("the resource openapi.yaml is missing");
      }
      return new YAMLMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
