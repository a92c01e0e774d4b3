package io.mantle.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Cleans up what an earlier run left that was killed. Call it while holding the {@link RunLock}.
 */
final class Leftovers {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(50);

  private Leftovers() {}

  static void clean(DataFolder data, Progress progress) throws IOException, InterruptedException {
    ProcessTable.Entries entries = ProcessTable.read(data.processFile());
    List<RunningProcess> alive =
        entries.processes().stream().filter(process -> process.find().isPresent()).toList();
    for (RunningProcess process : alive) {
      progress.line(
          "ending %s (pid %d), left by an earlier run".formatted(process.name(), process.pid()));
    }
    end(alive);
    if (!entries.socketFolder().isEmpty()) {
      new SocketFolder(Path.of(entries.socketFolder())).delete();
    }
    Files.deleteIfExists(data.runFile());
    Files.deleteIfExists(data.processFile());
  }

  /** Asks each to end, then ends it. Each pid is looked at again before every signal. */
  private static void end(List<RunningProcess> processes) throws InterruptedException {
    processes.forEach(process -> process.find().ifPresent(ProcessHandle::destroy));
    long deadline = System.nanoTime() + GRACE.toNanos();
    while (System.nanoTime() < deadline
        && processes.stream().map(RunningProcess::find).anyMatch(Optional::isPresent)) {
      Thread.sleep(POLL);
    }
    processes.forEach(process -> process.find().ifPresent(ProcessHandle::destroyForcibly));
  }
}
