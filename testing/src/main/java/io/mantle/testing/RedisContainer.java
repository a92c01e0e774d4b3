package io.mantle.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * The official Redis in a container, for tests that are enabled where {@link #engineAnswers}. It
 * shares this machine's network, so that the nodes of a cluster tell clients ports that lead to
 * them.
 */
public final class RedisContainer implements RedisNode {
  private static final DockerImageName IMAGE = DockerImageName.parse("redis:8.2-alpine");

  private final int port;
  private final GenericContainer<?> container;

  private RedisContainer(int port, GenericContainer<?> container) {
    this.port = port;
    this.container = container;
  }

  /** Whether one can be started. */
  public static boolean engineAnswers() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  /**
   * Starts one.
   *
   * @param options of {@code redis-server}
   */
  public static RedisContainer start(String... options) throws IOException {
    int port = RedisServer.freePort();
    List<String> command = new ArrayList<>();
    command.addAll(List.of("redis-server", "--port", Integer.toString(port)));
    command.addAll(List.of("--bind", "127.0.0.1", "--save", ""));
    command.addAll(List.of(options));
    GenericContainer<?> container =
        new GenericContainer<>(IMAGE)
            .withNetworkMode("host")
            .withCommand(command.toArray(new String[0]))
            .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*\\n", 1));
    container.start();
    return new RedisContainer(port, container);
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void close() {
    container.stop();
  }
}
