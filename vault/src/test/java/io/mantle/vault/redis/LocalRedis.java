package io.mantle.vault.redis;

import io.mantle.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A {@link RedisServer} that keeps what it holds over {@link #kill} and {@link #restart}. */
public final class LocalRedis implements Redis {
  private final RedisServer server;

  private LocalRedis(RedisServer server) {
    this.server = server;
  }

  /**
   * Starts one; skips the test where there is none for this system.
   *
   * @param options of {@code redis-server}
   */
  public static LocalRedis start(Path folder, String... options)
      throws IOException, InterruptedException {
    Stream<String> keeps = Stream.of("--appendonly", "yes", "--appendfsync", "always");
    return new LocalRedis(
        RedisServer.start(folder, Stream.concat(keeps, Stream.of(options)).toArray(String[]::new)));
  }

  @Override
  public int port() {
    return server.port();
  }

  public void kill() {
    server.kill();
  }

  public void restart() throws IOException, InterruptedException {
    server.restart();
  }

  public void suspend() throws IOException, InterruptedException {
    server.suspend();
  }

  public void resume() throws IOException, InterruptedException {
    server.resume();
  }

  @Override
  public void close() {
    server.close();
  }
}
