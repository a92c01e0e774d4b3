package io.mantle.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Processes that a test starts. */
final class TestProcesses {
  private TestProcesses() {}

  /** Another JVM of the same class path, which ends with this one. */
  static ProcessBuilder java(String mainClass) {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            mainClass);
    builder.environment().put("MANTLE_END_WITH_STDIN", "true");
    return builder;
  }

  /** Envoy ends with the thread that started it, so it gets one that waits for it. */
  static Process startedByAThreadThatLives(ProcessBuilder builder) throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    List<Process> process = new ArrayList<>();
    Thread.ofPlatform()
        .daemon()
        .name("starter")
        .start(
            () -> {
              try {
                process.add(builder.start());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } finally {
                started.countDown();
              }
              process.getFirst().onExit().join();
            });
    started.await();
    return process.getFirst();
  }
}
