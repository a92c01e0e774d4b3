package io.mantle.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process of a run, described so that a later run can tell it from another that was given the
 * same pid.
 *
 * @param startedAtMillis since 1970, as the system reports it; 0 when it does not
 * @param executable the file it runs, links resolved
 */
record RunningProcess(String name, long pid, long startedAtMillis, String executable) {
  /** The system's clock of process starts moves a little when the wall clock is set. */
  private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

  static RunningProcess of(String name, ProcessHandle process) {
    return of(name, process, process.info().command().orElse(""));
  }

  /**
   * @param executable what the process runs, or is about to: right after a start the system may
   *     still report the program that starts it
   */
  static RunningProcess of(String name, ProcessHandle process, String executable) {
    long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return new RunningProcess(name, process.pid(), started, realPath(executable));
  }

  /** The process, if it is alive and is the one described: same start, same program. */
  Optional<ProcessHandle> find() {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::describes);
  }

  /** Whether the other has the same pid and start, and so is the same process. */
  boolean startedWith(RunningProcess other) {
    return pid == other.pid
        && startedAtMillis > 0
        && Math.abs(other.startedAtMillis - startedAtMillis) <= START_TOLERANCE.toMillis();
  }

  private boolean describes(ProcessHandle process) {
    RunningProcess other = of(name, process);
    return startedWith(other) && !executable.isEmpty() && other.executable.equals(executable);
  }

  private static String realPath(String executable) {
    try {
      return executable.isEmpty() ? "" : Path.of(executable).toRealPath().toString();
    } catch (IOException e) {
      return executable;
    }
  }
}
