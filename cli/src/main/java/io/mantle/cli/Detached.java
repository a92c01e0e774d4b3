package io.mantle.cli;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Starts the same command in the background, and repeats what it says until it is ready. It has a
 * session of its own, so closing the terminal does not end it.
 */
final class Detached {
  private static final Duration POLL = Duration.ofMillis(50);

  private Detached() {}

  /**
   * Returns when the background run is ready. When this process is stopped before, so is that one.
   *
   * @throws LaunchException with the words of the background run, when it ends instead
   */
  static RunFile start(UpOptions options, List<String> arguments, Progress progress)
      throws IOException, LaunchException, InterruptedException {
    Path log = options.data().log("up");
    Files.deleteIfExists(log);
    Process process =
        new ProcessBuilder(PrivateMemory.withoutCore(ChildSpec.inOwnSession(command(arguments))))
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Thread stopIt = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(stopIt);
    try (RandomAccessFile said = new RandomAccessFile(log.toFile(), "r")) {
      while (true) {
        boolean ended = process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
        Optional<RunFile> run = RunFile.read(options.data().runFile());
        boolean ready = run.filter(file -> file.pids().containsValue(process.pid())).isPresent();
        repeat(said, progress);
        if (run.isPresent() && ready) {
          return run.get();
        }
        if (ended) {
          throw process.exitValue() == ExitCode.NOT_STARTED.value()
              ? LaunchException.notStarted("nothing was started")
              : LaunchException.failed("it did not become ready; see " + log);
        }
      }
    } finally {
      Runtime.getRuntime().removeShutdownHook(stopIt);
    }
  }

  private static List<String> command(List<String> arguments) {
    List<String> command =
        new ArrayList<>(Services.java(Mantle.class.getName(), Services.QUICK_START));
    command.addAll(arguments);
    return command;
  }

  private static void repeat(RandomAccessFile said, Progress progress) throws IOException {
    byte[] bytes = new byte[(int) (said.length() - said.getFilePointer())];
    said.readFully(bytes);
    new String(bytes, StandardCharsets.UTF_8).lines().forEach(progress::line);
  }
}
