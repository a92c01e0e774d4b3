package io.mantle.gateway;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A real Redis on loopback, from the binary that a Maven artifact carries. */
final class TestRedis implements AutoCloseable {
  private static final Duration START_TIME_MAX = Duration.ofSeconds(20);

  private final Path folder = Files.createTempDirectory("mantle-it-redis-");
  private final int port = freePort();
  private final Process process;

  private TestRedis(Path binary, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(binary.toString(), "--port", Integer.toString(port)));
    command.addAll(List.of("--bind", "127.0.0.1", "--dir", folder.toString(), "--save", ""));
    command.addAll(List.of(options));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("redis.log").toFile())
            .start();
  }

  /** Starts one; skips the test where there is none for this system. */
  static TestRedis start(String... options) throws Exception {
    Path binary = binary();
    assumeTrue(binary != null, "no redis-server for this system");
    TestRedis redis = new TestRedis(binary, options);
    Until.holds(START_TIME_MAX, "Redis listens", redis::listens);
    return redis;
  }

  String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** Where its log and its files are. */
  Path folder() {
    return folder;
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() throws IOException {
    kill();
    Folders.delete(folder);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private static @Nullable Path binary() throws IOException {
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
      Path file = Files.createTempFile("redis-server", "");
      file.toFile().deleteOnExit();
      Files.write(file, in.readAllBytes());
      return file.toFile().setExecutable(true) ? file : null;
    }
  }
}
