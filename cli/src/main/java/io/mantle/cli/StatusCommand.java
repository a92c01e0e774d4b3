package io.mantle.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what runs, and whether it is ready: exit 0 when it is, 3 when it is not. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Says what runs and whether it is ready.")
final class StatusCommand implements Callable<Integer> {
  @Mixin private DataOption data = new DataOption();

  @Override
  public Integer call() throws InterruptedException {
    DataFolder folder = data.folder();
    PrintStream out = System.out;
    List<RunningProcess> alive = new ArrayList<>();
    for (RunningProcess process : ProcessTable.read(folder.processFile()).processes()) {
      boolean runs = process.find().isPresent();
      out.printf("%-14s pid %-8d %s%n", process.name(), process.pid(), runs ? "runs" : "gone");
      if (runs) {
        alive.add(process);
      }
    }
    if (alive.isEmpty()) {
      out.println("nothing runs");
      return ExitCode.NOT_RUNNING.value();
    }
    Optional<RunFile> run = RunFile.read(folder.runFile());
    run.ifPresent(
        file -> out.printf("gateway %s%ncontrol plane %s%n", file.baseUrl(), file.adminUrl()));
    boolean ready = run.isPresent() && answersReady(run.get());
    out.println(ready ? "ready" : "not ready");
    return (ready ? ExitCode.OK : ExitCode.NOT_RUNNING).value();
  }

  private static boolean answersReady(RunFile run) throws InterruptedException {
    try (LoopbackHttp http = new LoopbackHttp()) {
      return http.status(URI.create(run.adminUrl() + "/ready")) == 200
          && http.status(URI.create(run.extprocAdminUrl() + "/ready")) == 200
          && http.status(URI.create(run.envoyAdminUrl() + "/ready")) == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
