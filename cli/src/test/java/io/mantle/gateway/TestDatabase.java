package io.mantle.gateway;

import io.mantle.controlplane.database.DatabaseUrl;
import io.mantle.controlplane.database.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** One Postgres for all tests of a run; each stack has a database of its own in it. */
final class TestDatabase implements AutoCloseable {
  private final EmbeddedDatabase postgres;
  private final Path folder;
  private final AtomicInteger databases = new AtomicInteger();

  private TestDatabase(EmbeddedDatabase postgres, Path folder) {
    this.postgres = postgres;
    this.folder = folder;
  }

  static TestDatabase start() throws IOException {
    Path folder = Files.createTempDirectory("mantle-it-db-");
    EmbeddedDatabase postgres = EmbeddedDatabase.in(folder);
    postgres.start();
    return new TestDatabase(postgres, folder);
  }

  /** Where its data and its log are. */
  Path folder() {
    return folder;
  }

  /** Kills it, all of its processes at once. */
  void kill() throws IOException {
    String pid = Files.readAllLines(folder.resolve("postgres/postmaster.pid")).getFirst().strip();
    ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    List<ProcessHandle> all =
        Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly); // SIGKILL
    all.forEach(process -> process.onExit().join());
  }

  /** Starts it again, on what it left. */
  void restart() throws IOException {
    postgres.stop();
    postgres.start();
  }

  /** Makes a database; returns its URL, password included. */
  String create() throws IOException, SQLException {
    String name = "it_" + databases.incrementAndGet();
    update(postgres.url(), "CREATE DATABASE " + name);
    return Files.readString(folder.resolve("database.url")).strip().replaceAll("[^/]+$", name);
  }

  /** Runs a statement as the owner of the database, as someone with psql would. */
  static int update(DatabaseUrl url, String sql, Object... values) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.properties());
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }

  /** What a query finds, each row as one text with its columns parted by a bar. */
  static List<String> query(DatabaseUrl url, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.properties());
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      int columns = found.getMetaData().getColumnCount();
      while (found.next()) {
        List<String> row = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
          row.add(String.valueOf(found.getString(i)));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }

  @Override
  public void close() throws IOException {
    postgres.close();
    Folders.delete(folder);
  }
}
