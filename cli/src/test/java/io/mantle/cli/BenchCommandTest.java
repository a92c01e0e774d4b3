package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BenchCommandTest {
  /** In a JVM of its own, since a benchmark writes to the terminal of the command. */
  @ParameterizedTest
  @ValueSource(strings = {"leak", "gateway"})
  void help_isPrinted_withoutAnythingBeingInstalled(String name, @TempDir Path root)
      throws Exception {
    Process command =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-Dmantle.root=" + root,
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.mantle.cli.Mantle",
                    "bench",
                    name,
                    "--help"))
            .redirectErrorStream(true)
            .start();
    String said = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(command.waitFor()).as(said).isZero();
    assertThat(said).contains("Usage: mantle bench " + name);
    assertThat(root).isEmptyDirectory();
  }
}
