package io.mantle.bench.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process of the stack, none of which ends by itself. */
final class PartProcess implements AutoCloseable {
  private static final int END_SECONDS_MAX = 15;

  private final String name;
  private final ProcessHandle handle;
  private final @Nullable Process started;
  private final Path log;

  private PartProcess(String name, ProcessHandle handle, @Nullable Process started, Path log) {
    this.name = name;
    this.handle = handle;
    this.started = started;
    this.log = log;
  }

  /**
   * Starts one.
   *
   * @param name for people
   * @param log where all that it says is appended
   */
  static PartProcess start(String name, ProcessBuilder builder, Path log) throws IOException {
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new PartProcess(name, process.toHandle(), process, log);
  }

  /** Watches a Postgres that somebody else starts and stops. */
  static PartProcess postgres(Path directory) throws IOException {
    Path pidFile = directory.resolve("postgres/postmaster.pid");
    List<String> lines = Files.readAllLines(pidFile);
    ProcessHandle handle =
        ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
            .orElseThrow(() -> new IOException("Postgres does not run"));
    return new PartProcess("Postgres", handle, null, directory.resolve("postgres.log"));
  }

  long pid() {
    return handle.pid();
  }

  /** How it ended, and where its log is; empty while it runs. */
  Optional<String> end() {
    if (handle.isAlive()) {
      return Optional.empty();
    }
    Process process = started;
    String how = process == null ? "" : " with exit code " + process.exitValue();
    return Optional.of(name + " ended" + how + "; its log is " + log);
  }

  @Override
  public void close() {
    Process process = started;
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
