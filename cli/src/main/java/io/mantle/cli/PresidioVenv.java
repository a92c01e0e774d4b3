package io.mantle.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A Python with Presidio, for {@code ./mantle bench detect} alone: a virtual environment in the
 * data folder with what {@code bench/requirements.txt} names.
 */
final class PresidioVenv {
  private static final int VENV_SECONDS_MAX = 120;
  private static final int INSTALL_SECONDS_MAX = 900;

  private PresidioVenv() {}

  /** Finds or makes it; empty, with a line that says why, when it cannot be made. */
  static Optional<Path> locate(Path dataDir, Progress progress)
      throws IOException, InterruptedException {
    Path folder = dataDir.toAbsolutePath().resolve("presidio");
    Path python = folder.resolve("bin").resolve("python");
    Path whole = folder.resolve("installed");
    if (Files.exists(whole)) {
      return Optional.of(python);
    }
    Path log = dataDir.resolve("logs").resolve("presidio-install.log");
    progress.line(
        "installing Presidio and a spaCy model (about 300 MB, once; --no-presidio skips it) ...");
    PrivateFiles.deleteFolder(folder);
    PrivateFiles.createFolder(folder);
    Path requirements = ProjectRoot.path().resolve("bench").resolve("requirements.txt");
    try {
      int exit = Tool.of("python3", "-m", "venv", folder.toString()).run(log, VENV_SECONDS_MAX);
      if (exit == 0) {
        exit =
            Tool.of(python.toString(), "-m", "pip", "install", "--quiet")
                .with("--disable-pip-version-check", "--only-binary=:all:")
                .with("--requirement", requirements.toString())
                .run(log, INSTALL_SECONDS_MAX);
      }
      if (exit == 0) {
        Files.createFile(whole);
        return Optional.of(python);
      }
    } catch (IOException e) {
      progress.line("Presidio: " + e.getMessage());
    }
    progress.line("Presidio could not be installed, so it is not measured; see " + log);
    return Optional.empty();
  }
}
