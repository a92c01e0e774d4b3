package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class MantleTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void help_listsEveryCommand() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("up", "down", "status", "test", "train", "bench", "eval", "apply", "audit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mask --map f", "unmask --map f"})
  void command_notBuilt_saysNotYet(String command) {
    assertThat(run(command.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains("not yet").doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "bench nothing",
        "up --nonsense",
        "up --listen 0.0.0.0",
        "up --listen 0.0.0.0 --tls-cert a --tls-key b",
        "up --upstream google=https://api.example.com",
        "up --port many",
        "audit",
        "audit verify --tenant NoId",
        "audit verify --expect 1",
        "audit verify --tenant a --tenant b --expect 1:0000000000000000000000000000000000000000000000000000000000000000",
        "audit verify --server https://mantle.example.com"
      })
  void up_wrongUsage_exitsWithTwo(String command) {
    assertThat(run(command.split(" "))).isEqualTo(2);
    assertThat(err.toString()).isNotEmpty().doesNotContain("\tat ");
  }

  @Test
  void status_nothingRuns_exitsWithThree(@TempDir Path data) {
    assertThat(run("status", "--data", data.toString())).isEqualTo(3);
  }

  @Test
  void down_nothingRuns_isDone(@TempDir Path data) {
    assertThat(run("down", "--data", data.toString())).isZero();
  }

  private int run(String... arguments) {
    CommandLine commandLine = Mantle.commandLine();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return commandLine.execute(arguments);
  }
}
