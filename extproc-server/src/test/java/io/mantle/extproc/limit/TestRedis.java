package io.mantle.extproc.limit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mantle.vault.redis.RedisAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real Redis on loopback, from the binary that a Maven artifact carries. */
final class TestRedis implements AutoCloseable {
  private final Path folder;
  private final Path binary;
  private final int port;
  private final List<String> options;
  private Process process;

  TestRedis(Path folder, String... options) throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    this.options = List.of(options);
    Path found = binary(folder);
    assumeTrue(found != null, "no redis-server for this system");
    this.binary = found;
    this.port = freePort();
    this.process = start();
  }

  /** Below 55,536, because a node of a cluster also listens 10,000 above its port. */
  private static int freePort() throws IOException {
    while (true) {
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (free.getLocalPort() < 55_536) {
          return free.getLocalPort();
        }
      }
    }
  }

  int port() {
    return port;
  }

  RedisAddress address() {
    return RedisAddress.parse("redis://127.0.0.1:" + port);
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  void restart() throws IOException, InterruptedException {
    process = start();
  }

  /** Lets it hang, with its connections open. */
  void stop() throws IOException, InterruptedException {
    signal("-STOP");
  }

  void resume() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
  }

  private Process start() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(binary.toString(), "--port", Integer.toString(port)));
    command.addAll(List.of("--bind", "127.0.0.1", "--dir", folder.toString(), "--save", ""));
    command.addAll(options);
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("redis.log").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!listens() && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    return started;
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    kill();
  }

  private static @Nullable Path binary(Path folder) throws IOException {
    boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
    boolean arm = System.getProperty("os.arch", "").equals("aarch64");
    String name =
        mac
            ? (arm ? "/redis-server-6.2.6-v5-darwin-arm64" : "/redis-server-6.2.6-v5-darwin-amd64")
            : (arm ? "/redis-server-6.2.7-linux-arm64" : "/redis-server-6.2.6-v5-linux-amd64");
    try (InputStream in = TestRedis.class.getResourceAsStream(name)) {
      if (in == null) {
        return null;
      }
      Path file = folder.resolve("redis-server");
      Files.write(file, in.readAllBytes());
      return file.toFile().setExecutable(true) ? file : null;
    }
  }
}
