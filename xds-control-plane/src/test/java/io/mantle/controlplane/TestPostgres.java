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

/** One real Postgres for all tests of this JVM, with a fresh database for whoever asks. */
public final class TestPostgres {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final String name;

  private TestPostgres(String name) {
    this.name = name;
  }

  private static final class Server {
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

  /** A new, empty database. */
  public static TestPostgres create() throws SQLException {
    String name = "test" + DATABASES.incrementAndGet();
    try (Connection connection = Server.RUNNING.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return new TestPostgres(name);
  }

  /** Its URL, as the superuser. */
  public String urlText() {
    return urlText("postgres", "none");
  }

  public String urlText(String user, String password) {
    return "postgres://"
        + user
        + ":"
        + password
        + "@127.0.0.1:"
        + Server.RUNNING.getPort()
        + "/"
        + name;
  }

  public DatabaseUrl url() {
    return DatabaseUrl.parse(urlText());
  }

  /** Runs SQL as psql would, as the superuser, each call on a connection of its own. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs SQL in the server's first database, where this one takes no connections. */
  public void executeElsewhere(String sql) throws SQLException {
    try (Connection connection = Server.RUNNING.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of what a query gives, as text. */
  public List<String> query(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(String.valueOf(rows.getString(1)));
      }
      return values;
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url().jdbcUrl(), url().properties());
  }

  public String name() {
    return name;
  }
}
