package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A provider's official Python client, fetched into the data folder once. */
final class PythonClient {
  private final Path library;

  private PythonClient(Path library) {
    this.library = library;
  }

  /** The client; what asks for it is skipped where there is no Python. */
  static PythonClient fetched(String name, String version) throws Exception {
    Path data = Folders.root().resolve(".mantle").resolve(name + "-client");
    Path library = data.resolve(version);
    assumeTrue(python(List.of("--version")).waitFor() == 0, "python3 is not here");
    if (Files.exists(library.resolve(name))) {
      return new PythonClient(library);
    }
    Files.createDirectories(data);
    Path fetched = Files.createTempDirectory(data, "fetch-");
    Process pip =
        python(
            List.of(
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--target",
                fetched.toString(),
                name + "==" + version));
    String said = new String(pip.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(pip.waitFor()).as("pip fetches the client: " + said).isZero();
    Files.move(fetched, library);
    return new PythonClient(library);
  }

  private static Process python(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("python3"));
    command.addAll(arguments);
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "python3 is not here");
      throw e;
    }
  }

  /** Runs a script of this package's resources; returns the JSON that it prints. */
  JsonNode run(String script, Map<String, String> environment) throws Exception {
    Path file = Files.createTempFile("client", ".py");
    try (InputStream text = PythonClient.class.getResourceAsStream(script)) {
      Files.write(file, Objects.requireNonNull(text).readAllBytes());
    }
    ProcessBuilder builder = new ProcessBuilder("python3", file.toString());
    builder.environment().putAll(environment);
    builder.environment().put("PYTHONPATH", library.toString());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    Path errors = Files.createTempFile("client", ".err");
    Process process = builder.redirectError(errors.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    Files.delete(file);
    Files.delete(errors);
    return Chat.JSON.readTree(output);
  }
}
