package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real Envoy, found or fetched as {@code up} does, and the bootstrap as it is rendered. */
final class EnvoyBootstrapIT {
  private static final int SECONDS_MAX = 20;

  @TempDir Path folder;

  @Test
  void validate_renderedBootstrap_isAccepted() throws Exception {
    Path log = folder.resolve("validate.log");

    int exit =
        Tool.of(envoy().toString(), "--mode", "validate", "--config-path", bootstrap().toString())
            .run(log, SECONDS_MAX);

    assertThat(exit).as(Files.readString(log)).isZero();
  }

  @Test
  void killed_parent_takesEnvoyWithIt() throws Exception {
    Path envoy = envoy();
    List<String> command = new ArrayList<>(Services.java(EnvoyParent.class.getName()));
    command.addAll(List.of(envoy.toString(), bootstrap().toString()));
    Process parent = new ProcessBuilder(command).redirectErrorStream(true).start();
    long pid = Long.parseLong(parent.inputReader().readLine());
    Path log = folder.resolve("envoy.log");
    // By then Envoy has asked the system to be told of its parent's end.
    await(() -> Files.exists(log) && Files.readString(log).contains("initializing epoch"));
    RunningProcess child = RunningProcess.of("envoy", ProcessHandle.of(pid).orElseThrow());
    assertThat(child.find()).isPresent();

    parent.destroyForcibly();

    try {
      // Not ProcessHandle.isAlive: a zombie that nobody has reaped yet counts as alive there.
      await(() -> child.find().isEmpty());
    } finally {
      child.find().ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  /** Fetched once, into the project's own data folder; without a network the tests are skipped. */
  private static Path envoy() throws InterruptedException {
    try {
      return EnvoyBinary.locate(ProjectRoot.path().resolve(".mantle"), Progress.to(System.err));
    } catch (LaunchException e) {
      return Assumptions.abort("no Envoy: " + e.getMessage());
    }
  }

  private Path bootstrap() throws Exception {
    Path file = folder.resolve("bootstrap.yaml");
    new EnvoyBootstrap("it", 0, folder.resolve("xds.sock")).write(file);
    return file;
  }
}
