package io.mantle.cli;

import java.nio.file.Path;

/**
 * The folder that holds {@code mantle} and {@code envoy/}: the system property {@code mantle.root}.
 */
final class ProjectRoot {
  private ProjectRoot() {}

  static Path path() {
    return Path.of(System.getProperty("mantle.root", "")).toAbsolutePath();
  }
}
