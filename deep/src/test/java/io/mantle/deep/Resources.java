package io.mantle.deep;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files beside these tests. */
final class Resources {
  private Resources() {}

  static void copy(String name, Path target) throws IOException {
    try (InputStream in = Resources.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing");
      }
      Files.copy(in, target);
    }
  }
}
