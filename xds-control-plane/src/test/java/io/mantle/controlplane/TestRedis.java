package io.mantle.controlplane;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mantle.vault.redis.RedisAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A real Redis on loopback, from the binary that a Maven artifact carries. */
public final class TestRedis implements AutoCloseable {
  private static final Duration START_TIME_MAX = Duration.ofSeconds(20);

  private final int port;
  private final Process process;

  private TestRedis(int port, Process process) {
    this.port = port;
    this.process = process;
  }

  /**
   * Starts one; skips the test where there is none for this system.
   *
   * @param folder for its binary and what it says
   */
  public static TestRedis start(Path folder) throws Exception {
    Path binary = binary(folder);
    assumeTrue(binary != null, "no redis-server for this system");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Process process =
        new ProcessBuilder(
                binary.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--save",
                "")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("redis.log").toFile())
            .start();
    TestRedis redis = new TestRedis(port, process);
    Eventually.isTrue("Redis listens", START_TIME_MAX, redis::listens);
    return redis;
  }

  public RedisAddress address() {
    return RedisAddress.parse("redis://127.0.0.1:" + port);
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
    process.destroyForcibly().onExit().join();
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
