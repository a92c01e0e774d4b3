package io.mantle.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A Python with what a bench or a test runs beside Mantle: a virtual environment in the data folder
 * with the packages, at their versions, of a file in {@code bench/}.
 *
 * @param title what is installed, for people
 * @param folder its name in the data folder
 * @param requirements its name in {@code bench/}
 */
record PythonVenv(String title, String folder, String requirements) {
  static final PythonVenv PRESIDIO =
      new PythonVenv(
          "Presidio and a spaCy model (about 300 MB, once; --no-presidio skips it)",
          "presidio",
          "requirements.txt");
  static final PythonVenv LEAK_HARNESS =
      new PythonVenv(
          "pii-leak-benchmark (about 10 MB, once)", "pii-leak-benchmark", "leak-requirements.txt");

  private static final int VENV_SECONDS_MAX = 120;
  private static final int INSTALL_SECONDS_MAX = 900;

  /**
   * Finds or makes it; empty, with a line that says why, when it cannot be made.
   *
   * @return its Python
   */
  Optional<Path> locate(Path dataDir, Progress progress) throws IOException, InterruptedException {
    Path home = dataDir.toAbsolutePath().resolve(folder);
    Path python = home.resolve("bin").resolve("python");
    Path asked = ProjectRoot.path().resolve("bench").resolve(requirements);
    Path installed = home.resolve("installed");
    if (Files.exists(installed) && Files.mismatch(installed, asked) < 0) {
      return Optional.of(python);
    }
    Path log = dataDir.resolve("logs").resolve(folder + "-install.log");
    progress.line("installing " + title + " ...");
    PrivateFiles.deleteFolder(home);
    PrivateFiles.createFolder(home);
    try {
      int exit = Tool.of("python3", "-m", "venv", home.toString()).run(log, VENV_SECONDS_MAX);
      if (exit == 0) {
        exit =
            Tool.of(python.toString(), "-m", "pip", "install", "--quiet")
                .with("--disable-pip-version-check", "--only-binary=:all:")
                .with("--requirement", asked.toString())
                .run(log, INSTALL_SECONDS_MAX);
      }
      if (exit == 0) {
        Files.copy(asked, installed);
        return Optional.of(python);
      }
    } catch (IOException e) {
      progress.line(folder + ": " + e.getMessage());
    }
    progress.line(folder + " could not be installed, so it does not run; see " + log);
    return Optional.empty();
  }
}
