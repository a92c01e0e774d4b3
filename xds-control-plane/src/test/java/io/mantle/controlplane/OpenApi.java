package io.mantle.controlplane;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.mantle.testing.ApiContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The document that is packed with the control plane, as a judge. */
public final class OpenApi {
  public static final ApiContract CONTRACT = load();

  private OpenApi() {}

  private static ApiContract load() {
    try (InputStream in = OpenApi.class.getResourceAsStream("admin/openapi.yaml")) {
      return new ApiContract(new YAMLMapper().readTree(Objects.requireNonNull(in, "openapi.yaml")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
