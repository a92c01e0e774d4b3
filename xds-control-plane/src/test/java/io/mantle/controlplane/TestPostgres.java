package io.mantle.controlplane;

import io.mantle.controlplane.database.DatabaseUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * A fresh database for whoever asks: of one real Postgres for all tests of this JVM, or of the
 * official one in a container.
 */
public final class TestPostgres {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private static final String FIRST_DATABASE = "postgres";

  private final int port;
  private final String name;

  private TestPostgres(int port, String name) {
    this.port = port;
    this.name = name;
  }

  private static final class Embedded {
    private static final EmbeddedPostgres RUNNING = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(
                Path.of("target", "postgres-binaries").toAbsolutePath().toFile())
            .setServerConfig("max_connections", "200")
            .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The container ends with this JVM. */
  private static final class InContainer {
    private static final GenericContainer<?> RUNNING = start();

    private static GenericContainer<?> start() {
      GenericContainer<?> container =
          new GenericContainer<>(DockerImageName.parse("postgres:18-alpine"))
              .withEnv("POSTGRES_HOST_AUTH_METHOD", "trust")
              .withExposedPorts(5432)
              .withCommand("postgres", "-c", "max_connections=200")
              // The image starts it once more when it has made the first database.
              .waitingFor(Wait.forLogMessage(".*ready to accept connections.*\\n", 2));
      container.start();
      return container;
    }
  }

  /** A new, empty database. */
  public static TestPostgres create() throws SQLException {
    return createOn(Embedded.RUNNING.getPort());
  }

  /** Whether {@link #createInContainer} can be asked for one. */
  public static boolean engineAnswers() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  /** The same in a container. */
  public static TestPostgres createInContainer() throws SQLException {
    return createOn(InContainer.RUNNING.getFirstMappedPort());
  }

  private static TestPostgres createOn(int port) throws SQLException {
    TestPostgres created = new TestPostgres(port, "test" + DATABASES.incrementAndGet());
    created.executeElsewhere("CREATE DATABASE " + created.name);
    return created;
  }

  /** Its URL, as the superuser. */
  public String urlText() {
    return urlText("postgres", "none");
  }

  public String urlText(String user, String password) {
    return urlText(user, password, name);
  }

  private String urlText(String user, String password, String database) {
    return "postgres://%s:%s@127.0.0.1:%d/%s".formatted(user, password, port, database);
  }

  public DatabaseUrl url() {
    return DatabaseUrl.parse(urlText());
  }

  /** Runs SQL as psql would, as the superuser, each call on a connection of its own. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = connect(url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs SQL in the server's first database, where this one takes no connections. */
  public void executeElsewhere(String sql) throws SQLException {
    DatabaseUrl first = DatabaseUrl.parse(urlText("postgres", "none", FIRST_DATABASE));
    try (Connection connection = connect(first);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of what a query gives, as text. */
  public List<String> query(String sql) throws SQLException {
    try (Connection connection = connect(url());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(String.valueOf(rows.getString(1)));
      }
      return values;
    }
  }

  private static Connection connect(DatabaseUrl url) throws SQLException {
    return DriverManager.getConnection(url.jdbcUrl(), url.properties());
  }

  public String name() {
    return name;
  }
}
