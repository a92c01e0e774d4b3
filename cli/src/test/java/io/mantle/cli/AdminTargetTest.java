package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class AdminTargetTest {
  private static final String LOCAL = "http://127.0.0.1:8081";

  @TempDir private Path data = Path.of("");
  private Path token = Path.of("");

  @BeforeEach
  void writeToken() throws Exception {
    token = Files.writeString(data.resolve("token"), "from-the-file\n");
  }

  @Test
  void localRun_isTheTargetWhereNothingIsSaid() throws Exception {
    runFile();

    assertThat(resolve(Map.of()).server()).hasToString(LOCAL);
    assertThat(resolve(Map.of()).token()).isEqualTo("of-the-run");
    assertThat(resolve(Map.of(), "--server", LOCAL + "/").token()).isEqualTo("of-the-run");
    assertThat(resolve(Map.of())).asString().doesNotContain("of-the-run");
  }

  @Test
  void server_goesBeforeTheVariable() throws Exception {
    Map<String, String> environment = Map.of("MANTLE_ADMIN_URL", "https://one.example.com");
    String file = token.toString();

    assertThat(resolve(environment, "--token-file", file).server())
        .hasToString("https://one.example.com");
    assertThat(
            resolve(environment, "--server", "https://two.example.com", "--token-file", file)
                .server())
        .hasToString("https://two.example.com");
    assertThat(resolve(environment, "--token-file", file).token()).isEqualTo("from-the-file");
  }

  @Test
  void tokenOfTheLocalRun_isNotForAnotherServer() throws Exception {
    runFile();

    assertThat(refusal("--server", "https://one.example.com")).contains("--token-file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "ftp://x", "http://one.example.com", "https://u:p@x", "https://x?y", "a b"})
  void server_thatIsNoUrlOrReadableByOthers_isRefused(String url) {
    assertThat(refusal("--server", url, "--token-file", token.toString()))
        .isNotEmpty()
        .doesNotStartWith("not refused");
  }

  @Test
  void plainHttp_toAnotherMachine_hasToBeAskedFor() throws Exception {
    assertThat(
            resolve(
                    Map.of(),
                    "--server",
                    "http://one.example.com",
                    "--insecure",
                    "--token-file",
                    token.toString())
                .server())
        .hasToString("http://one.example.com");
  }

  private void runFile() throws Exception {
    new RunFile("b", "a", LOCAL, "key", "of-the-run", "e", "x", Map.of())
        .write(data.resolve("run.json"));
  }

  private AdminTarget.Resolved resolve(Map<String, String> environment, String... arguments)
      throws LaunchException {
    AdminTarget target = new AdminTarget();
    List<String> all = new ArrayList<>(List.of("--data", data.toString()));
    all.addAll(List.of(arguments));
    new CommandLine(target).parseArgs(all.toArray(String[]::new));
    return target.resolve(environment);
  }

  private String refusal(String... arguments) {
    try {
      return "not refused: " + resolve(Map.of(), arguments);
    } catch (LaunchException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-f x --dry-run --watch", "-f x --exit-code", "-f", "-f nowhere.yaml"})
  void apply_wrongUsage_exitsWithTwo(String arguments) {
    StringWriter err = new StringWriter();
    CommandLine mantle = Mantle.commandLine();
    mantle.setErr(new PrintWriter(err));

    assertThat(mantle.execute(("apply " + arguments).strip().split(" "))).isEqualTo(2);
    assertThat(err.toString()).isNotEmpty().doesNotContain("\tat ");
  }
}
