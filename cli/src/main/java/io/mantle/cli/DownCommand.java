package io.mantle.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops what runs in a data folder, and cleans up after what was killed. */
@Command(name = "down", mixinStandardHelpOptions = true, description = "Stops what up started.")
final class DownCommand implements Callable<Integer> {
  private static final Duration STOP_TIME_MAX = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(50);

  @Mixin private DataOption data = new DataOption();

  @Override
  public Integer call() throws IOException, InterruptedException, LaunchException {
    DataFolder folder = data.folder();
    Progress progress = Progress.to(System.out);
    if (!Files.exists(folder.lockFile())) {
      progress.line("nothing runs");
      return ExitCode.OK.value();
    }
    Optional<RunLock> lock = RunLock.tryAcquire(folder);
    boolean running = lock.isEmpty();
    if (running) {
      supervisor(folder).ifPresent(ProcessHandle::destroy);
      lock = awaitLock(folder, progress);
    }
    try (RunLock _ = lock.orElseThrow(() -> LaunchException.failed("it could not be stopped"))) {
      Leftovers.clean(folder, progress);
    }
    progress.line(running ? "stopped" : "nothing runs");
    return ExitCode.OK.value();
  }

  /** The lock is free once the run has ended; one that does not end when asked is killed. */
  private static Optional<RunLock> awaitLock(DataFolder folder, Progress progress)
      throws IOException, InterruptedException {
    Optional<RunLock> lock = Optional.empty();
    for (long waited = 0;
        lock.isEmpty() && waited < STOP_TIME_MAX.toMillis();
        waited += POLL.toMillis()) {
      Thread.sleep(POLL);
      lock = RunLock.tryAcquire(folder);
    }
    if (lock.isEmpty()) {
      progress.line("it does not stop when asked; killing it");
      supervisor(folder).ifPresent(ProcessHandle::destroyForcibly);
      Thread.sleep(POLL.multipliedBy(10));
      lock = RunLock.tryAcquire(folder);
    }
    return lock;
  }

  private static Optional<ProcessHandle> supervisor(DataFolder folder) {
    return ProcessTable.read(folder.processFile()).processes().stream()
        .filter(process -> process.name().equals("mantle"))
        .findFirst()
        .flatMap(RunningProcess::find);
  }
}
