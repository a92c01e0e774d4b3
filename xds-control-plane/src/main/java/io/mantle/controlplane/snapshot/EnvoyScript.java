package io.mantle.controlplane.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The scripts that Envoy runs, which stand in the folder {@code envoy}. */
final class EnvoyScript {

  private EnvoyScript() {}

  static String read(String name) {
    try (InputStream script = EnvoyScript.class.getResourceAsStream(name)) {
      if (script == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
