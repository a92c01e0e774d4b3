package io.mantle.controlplane.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Postgres of our own on a loopback port: its data is in {@code postgres} of a directory and
 * survives restarts, also of a parent that was killed. Its URL, password included, is written to
 * {@code database.url} there (0600), for psql.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final String USER = "postgres";
  private static final String PASSWORD_REQUIRED =
      """
      # Written by Mantle: nobody without the password of database.url.
      host all all 127.0.0.1/32 scram-sha-256
      host all all ::1/128 scram-sha-256
      """;

  private final Path directory;
  private final int port;
  private final String password;
  private final boolean passwordIsNew;
  private @Nullable EmbeddedPostgres postgres;
  private boolean closed;

  private EmbeddedDatabase(Path directory, int port, String password, boolean passwordIsNew) {
    this.directory = directory;
    this.port = port;
    this.password = password;
    this.passwordIsNew = passwordIsNew;
  }

  /**
   * Chooses port and password; nothing runs yet.
   *
   * @param directory made where absent, for its owner alone
   */
  public static EmbeddedDatabase in(Path directory) throws IOException {
    createPrivately(directory);
    createPrivately(directory.resolve("postgres-binaries"));
    Path passwordFile = directory.resolve("postgres.password");
    boolean isNew = !Files.exists(passwordFile);
    if (isNew) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      writePrivately(passwordFile, HexFormat.of().formatHex(random));
    }
    String password = Files.readString(passwordFile).strip();
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new EmbeddedDatabase(directory, free.getLocalPort(), password, isNew);
    }
  }

  /** For its owner alone, unless it was there already. */
  private static void createPrivately(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  public DatabaseUrl url() {
    return DatabaseUrl.parse(urlText());
  }

  private String urlText() {
    return "postgresql://" + USER + ":" + password + "@127.0.0.1:" + port + "/postgres";
  }

  /**
   * Starts it, on data that is there or new; what a killed parent left running is stopped first.
   *
   * @throws IOException if it cannot start, or was closed before
   */
  public synchronized void start() throws IOException {
    Path data = directory.resolve("postgres");
    stopOrphan(data);
    if (closed) {
      throw new IOException("it was closed before it was started");
    }
    Path access = data.resolve("pg_hba.conf");
    boolean accessIsClosed =
        Files.exists(access) && Files.readString(access).equals(PASSWORD_REQUIRED);
    EmbeddedPostgres started =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setOverrideWorkingDirectory(directory.resolve("postgres-binaries").toFile())
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPort(port)
            .setConnectConfig("password", password)
            // The library turns fsync off, as for tests; this data is meant to last.
            .setServerConfig("fsync", "on")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("unix_socket_directories", "")
            .setServerConfig("max_connections", "60")
            .setOutputRedirector(
                ProcessBuilder.Redirect.appendTo(directory.resolve("postgres.log").toFile()))
            .setErrorRedirector(
                ProcessBuilder.Redirect.appendTo(directory.resolve("postgres.log").toFile()))
            .start();
    postgres = started;
    if (passwordIsNew || !accessIsClosed) {
      requirePassword(started, access);
    }
    writePrivately(directory.resolve("database.url"), urlText());
  }

  /** A new cluster trusts whoever connects; from here on nobody does without the password. */
  private void requirePassword(EmbeddedPostgres started, Path access) throws IOException {
    try (Connection connection = started.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      // The password is hexadecimal: nothing to quote. ALTER ROLE takes no parameters.
      statement.execute("ALTER ROLE " + USER + " PASSWORD '" + password + "'");
      Files.writeString(access, PASSWORD_REQUIRED);
      statement.execute("SELECT pg_reload_conf()");
    } catch (SQLException e) {
      throw new IOException("the embedded Postgres does not take its password", e);
    }
  }

  /** Stops a server still running on this data: its parent was killed and could not. */
  private static void stopOrphan(Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    Optional<ProcessHandle> orphan = postmaster(Files.readAllLines(pidFile), data);
    if (orphan.isPresent()) {
      LOG.info("Stopping the Postgres that an earlier run left behind, pid {}", orphan.get().pid());
      // SIGINT is Postgres' fast shutdown; Java itself can only send SIGTERM, which waits for
      // clients.
      new ProcessBuilder("kill", "-INT", Long.toString(orphan.get().pid())).start();
      try {
        orphan.get().onExit().get(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while an earlier Postgres stops", e);
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException(
            "the Postgres of an earlier run does not stop, pid " + orphan.get().pid(), e);
      }
    }
    Files.deleteIfExists(pidFile); // stale where the machine went down and the pid is another's now
  }

  private static Optional<ProcessHandle> postmaster(List<String> pidFile, Path data) {
    if (pidFile.size() < 2 || !pidFile.get(1).equals(data.toString())) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(pidFile.getFirst().strip()))
        .filter(ProcessHandle::isAlive)
        .filter(process -> process.info().command().orElse("").contains("postgres"));
  }

  private static void writePrivately(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(draft, text, StandardCharsets.UTF_8);
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Stops it, as Postgres calls fast: running statements are cut off, nothing committed is lost.
   * Where none was started, what a killed parent left is stopped. It may be started again.
   */
  public synchronized void stop() throws IOException {
    EmbeddedPostgres running = postgres;
    postgres = null;
    if (running != null) {
      running.close();
    } else {
      stopOrphan(directory.resolve("postgres"));
    }
  }

  /** Stops it for good; one that is starting is waited for. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    stop();
  }
}
