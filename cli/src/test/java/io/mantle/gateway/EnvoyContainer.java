package io.mantle.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * The official Envoy in a container, for tests that are enabled where {@link #engineAnswers}. It
 * shares this machine's network and sees the sockets of the stack under their own paths.
 */
final class EnvoyContainer implements AutoCloseable {
  private static final DockerImageName IMAGE = DockerImageName.parse("envoyproxy/envoy:v1.40.0");

  private final GenericContainer<?> container;

  private EnvoyContainer(GenericContainer<?> container) {
    this.container = container;
  }

  static boolean engineAnswers() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  /**
   * Starts one.
   *
   * @param folder where its bootstrap and its sockets are
   * @param log what it says is put here
   */
  static EnvoyContainer start(Path bootstrap, Path folder, Path log) throws IOException {
    Files.createFile(log);
    String filters = Folders.root().resolve("envoy").toString();
    GenericContainer<?> container =
        new GenericContainer<>(IMAGE)
            .withNetworkMode("host")
            // The sockets are open to their owner alone; the image's own user is somebody else.
            .withEnv("ENVOY_UID", "0")
            .withFileSystemBind(folder.toString(), folder.toString(), BindMode.READ_WRITE)
            .withFileSystemBind(filters, filters, BindMode.READ_ONLY)
            .withCommand("envoy", "--config-path", bootstrap.toString(), "--disable-hot-restart")
            .withLogConsumer(frame -> append(log, frame))
            .waitingFor(Wait.forLogMessage(".*starting main dispatch loop.*\\n", 1));
    container.start();
    return new EnvoyContainer(container);
  }

  private static void append(Path log, OutputFrame frame) {
    try {
      Files.writeString(log, frame.getUtf8String(), StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    container.stop();
  }
}
