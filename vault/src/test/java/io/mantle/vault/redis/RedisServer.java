package io.mantle.vault.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis on loopback, from the binary that a Maven artifact carries, else {@code
 * redis-server} of the PATH. What it holds survives {@link #kill} and {@link #start}.
 */
public final class RedisServer implements Redis {
  private static @Nullable Path binary;

  private final Path folder;
  private final int port;
  private final String[] options;
  private @Nullable Process process;

  public RedisServer(Path folder, String... options) throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    this.port = freePort();
    this.options = options;
    start();
  }

  @Override
  public int port() {
    return port;
  }

  /** Starts it, with what it held. */
  public void start() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(binary().toString());
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--dir", folder.toString(), "--save", ""));
    command.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
    command.addAll(List.of(options));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("redis.log").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try {
        run(redis -> assertThat(redis.sync().ping()).isEqualTo("PONG"));
        return;
      } catch (RuntimeException e) {
        if (System.nanoTime() > deadline || !process.isAlive()) {
          throw e;
        }
        Thread.sleep(20);
      }
    }
  }

  public void kill() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }

  public void stop() throws IOException, InterruptedException {
    signal("STOP");
  }

  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    if (process != null) {
      String pid = Long.toString(process.pid());
      assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
    }
  }

  @Override
  public void close() {
    kill();
  }

  static int freePort() throws IOException {
    // Below 55,536, because a node of a cluster also listens 10,000 above its port.
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (socket.getLocalPort() < 55_536) {
          return socket.getLocalPort();
        }
      }
    }
  }

  private static synchronized Path binary() throws IOException, InterruptedException {
    Path known = binary;
    if (known == null) {
      known = find();
      binary = known;
    }
    assumeTrue(known != null, "no redis-server for this system");
    return known;
  }

  private static @Nullable Path find() throws IOException, InterruptedException {
    Path bundled = bundled();
    if (bundled != null && works(bundled)) {
      return bundled;
    }
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path candidate = Path.of(folder, "redis-server");
      if (Files.isExecutable(candidate) && works(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private static boolean works(Path binary) throws InterruptedException {
    try {
      return new ProcessBuilder(binary.toString(), "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static @Nullable Path bundled() throws IOException {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    boolean arm = System.getProperty("os.arch", "").equals("aarch64");
    String name =
        system.startsWith("mac")
            ? (arm ? "/redis-server-6.2.6-v5-darwin-arm64" : "/redis-server-6.2.6-v5-darwin-amd64")
            : (arm ? "/redis-server-6.2.7-linux-arm64" : "/redis-server-6.2.6-v5-linux-amd64");
    try (InputStream in = RedisServer.class.getResourceAsStream(name)) {
      if (in == null) {
        return null;
      }
      Path file = Files.createTempFile("redis-server", "");
      file.toFile().deleteOnExit();
      Files.write(file, in.readAllBytes());
      if (!file.toFile().setExecutable(true)) {
        throw new UncheckedIOException(new IOException("cannot be made executable: " + file));
      }
      return file;
    }
  }
}
