package io.mantle.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis on loopback, from the binary that a Maven artifact carries, else {@code
 * redis-server} of the PATH. It answers once {@link #start} has returned.
 */
public final class RedisServer implements RedisNode {
  private static final int START_SECONDS_MAX = 20;
  private static final int ANSWER_MILLIS_MAX = 1_000;
  private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final String PONG = "+PONG";

  /** A node of a cluster also listens 10,000 above its port. */
  private static final int PORT_MAX = 55_535;

  private static @Nullable Path binary;

  private final Path folder;
  private final int port;
  private final List<String> command;
  private Process process;

  private RedisServer(Path folder, int port, List<String> command) throws IOException {
    this.folder = folder;
    this.port = port;
    this.command = command;
    this.process = spawn();
  }

  /**
   * Starts one; skips the test where there is none for this system.
   *
   * @param folder for what it keeps and what it says
   * @param options of {@code redis-server}; without any it keeps nothing on its disk
   */
  public static RedisServer start(Path folder, String... options)
      throws IOException, InterruptedException {
    Path found = binary();
    assumeTrue(found != null, "no redis-server for this system");
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.addAll(List.of(found.toString(), "--port", Integer.toString(port)));
    command.addAll(List.of("--bind", "127.0.0.1", "--save", ""));
    command.addAll(List.of("--dir", Files.createDirectories(folder).toString()));
    command.addAll(List.of(options));
    RedisServer server = new RedisServer(folder, port, command);
    server.awaitAnswer();
    return server;
  }

  /** A port of loopback that a node of a cluster may have. */
  public static int freePort() throws IOException {
    while (true) {
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (free.getLocalPort() <= PORT_MAX) {
          return free.getLocalPort();
        }
      }
    }
  }

  @Override
  public int port() {
    return port;
  }

  /** For what it keeps and what it says. */
  public Path folder() {
    return folder;
  }

  /** Ends it as a power cut would. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Starts it where it was killed, with what it kept on its disk. */
  public void restart() throws IOException, InterruptedException {
    process = spawn();
    awaitAnswer();
  }

  /** Lets it hang, with its connections open. */
  public void suspend() throws IOException, InterruptedException {
    signal("STOP");
  }

  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  @Override
  public void close() {
    kill();
  }

  private Process spawn() throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("redis.log").toFile())
        .start();
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
    while (!answers()) {
      if (System.nanoTime() > deadline || !process.isAlive()) {
        kill();
        throw new IOException("redis-server does not answer; " + folder + "/redis.log says why");
      }
      Thread.sleep(10);
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(ANSWER_MILLIS_MAX);
      socket.getOutputStream().write(PING);
      byte[] answer = socket.getInputStream().readNBytes(PONG.length());
      return new String(answer, StandardCharsets.US_ASCII).equals(PONG);
    } catch (IOException e) {
      return false;
    }
  }

  private void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    if (new ProcessBuilder("kill", "-" + name, pid).start().waitFor() != 0) {
      throw new IOException("redis-server took no SIG" + name);
    }
  }

  private static synchronized @Nullable Path binary() throws IOException, InterruptedException {
    if (binary == null) {
      binary = find();
    }
    return binary;
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
    boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
    boolean arm = System.getProperty("os.arch", "").equals("aarch64");
    String name =
        mac
            ? (arm ? "/redis-server-6.2.6-v5-darwin-arm64" : "/redis-server-6.2.6-v5-darwin-amd64")
            : (arm ? "/redis-server-6.2.7-linux-arm64" : "/redis-server-6.2.6-v5-linux-amd64");
    try (InputStream in = RedisServer.class.getResourceAsStream(name)) {
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
