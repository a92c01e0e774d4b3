package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeftoversTest {
  @TempDir Path folder;
  private DataFolder data = new DataFolder(Path.of("data"));
  private final List<String> said = new ArrayList<>();
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void useFolder() {
    data = new DataFolder(folder);
  }

  @AfterEach
  void endAll() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void clean_processOfAnEarlierRun_endsIt() throws Exception {
    Process left = sleeping();
    table().add(RunningProcess.of("envoy", left.toHandle()));

    Leftovers.clean(data, said::add);

    assertThat(left.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(said).singleElement().asString().contains("envoy", "left by an earlier run");
    assertThat(data.processFile()).doesNotExist();
  }

  @Test
  void clean_pidOfAnotherStart_leavesItAlone() throws Exception {
    Process other = sleeping();
    RunningProcess now = RunningProcess.of("envoy", other.toHandle());
    table()
        .add(
            new RunningProcess(
                "envoy", now.pid(), now.startedAtMillis() - 60_000, now.executable()));

    Leftovers.clean(data, said::add);

    assertThat(other.isAlive()).isTrue();
    assertThat(said).isEmpty();
  }

  @Test
  void clean_pidOfAnotherProgram_leavesItAlone() throws Exception {
    Process other = sleeping();
    table().add(RunningProcess.of("envoy", other.toHandle(), "/some/where/envoy"));

    Leftovers.clean(data, said::add);

    assertThat(other.isAlive()).isTrue();
  }

  @Test
  void clean_staleFiles_removesThem() throws Exception {
    Files.writeString(data.runFile(), "{}");
    Files.writeString(data.processFile(), "not json");

    Leftovers.clean(data, said::add);

    assertThat(data.runFile()).doesNotExist();
    assertThat(data.processFile()).doesNotExist();
  }

  @Test
  void clean_socketsOfAnEarlierRun_removesThem() throws Exception {
    SocketFolder sockets = SocketFolder.create();
    Files.createFile(sockets.xds());
    new ProcessTable(data.processFile(), sockets.path())
        .add(RunningProcess.of("mantle", sleeping().toHandle(), "/some/where/else"));

    Leftovers.clean(data, said::add);

    assertThat(sockets.path()).doesNotExist();
  }

  private ProcessTable table() {
    return new ProcessTable(data.processFile(), folder.resolve("no-sockets"));
  }

  private Process sleeping() throws IOException {
    Process process = new ProcessBuilder("sleep", "60").start();
    started.add(process);
    // The system names the new program a moment after the start.
    while (!process.info().command().orElse("").matches(".*/(sleep|coreutils|busybox)")) {
      Thread.onSpinWait();
    }
    return process;
  }
}
