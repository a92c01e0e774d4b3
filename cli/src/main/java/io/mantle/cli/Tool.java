package io.mantle.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that is run once and waited for, such as {@code pip download}.
 *
 * <p>It gets no standard input and a time limit, after which it is ended.
 */
record Tool(List<String> command) {
  Tool {
    command = List.copyOf(command);
  }

  static Tool of(String... command) {
    return new Tool(List.of(command));
  }

  Tool with(String... arguments) {
    return new Tool(Stream.concat(command.stream(), Stream.of(arguments)).toList());
  }

  /** Whether it is there and ends with 0. */
  boolean runs(int secondsMax) throws InterruptedException {
    try {
      return run(
              new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD),
              secondsMax)
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Its exit code; what it says goes to {@code log}.
   *
   * @throws IOException when it cannot be started or takes too long
   */
  int run(Path log, int secondsMax) throws IOException, InterruptedException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    return run(new ProcessBuilder(command).redirectOutput(log.toFile()), secondsMax);
  }

  /** What it says, on either stream. For programs that say little. */
  String output(int secondsMax) throws IOException, InterruptedException {
    Path file = Files.createTempFile("mantle-", ".out");
    try {
      run(file, secondsMax);
      return Files.readString(file, StandardCharsets.UTF_8);
    } finally {
      Files.delete(file);
    }
  }

  private int run(ProcessBuilder builder, int secondsMax) throws IOException, InterruptedException {
    Process process =
        builder.redirectErrorStream(true).redirectInput(new File("/dev/null")).start();
    try {
      if (process.waitFor(secondsMax, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      throw new IOException(command.getFirst() + " took longer than " + secondsMax + " s");
    } finally {
      process.destroyForcibly();
    }
  }
}
