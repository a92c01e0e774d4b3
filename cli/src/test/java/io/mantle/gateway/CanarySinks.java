package io.mantle.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.mantle.controlplane.database.DatabaseUrl;
import io.mantle.testing.RedisServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Every place that something is written to, by kind, and what was found there. */
final class CanarySinks implements AutoCloseable {
  private final CanarySearch search;
  private final Map<String, Set<String>> found = new TreeMap<>();
  private final HttpServer collector =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  private final ByteArrayOutputStream traces = new ByteArrayOutputStream();

  CanarySinks(CanarySearch search) throws IOException {
    this.search = search;
    collector.createContext("/", this::collect);
    collector.start();
  }

  /** Where traces go: OTLP over HTTP. */
  URI collector() {
    return URI.create("http://127.0.0.1:" + collector.getAddress().getPort());
  }

  private void collect(HttpExchange exchange) throws IOException {
    try (exchange;
        InputStream body = exchange.getRequestBody()) {
      byte[] message = body.readAllBytes();
      synchronized (traces) {
        traces.writeBytes(message);
        traces.writeBytes(exchange.getRequestHeaders().toString().getBytes(StandardCharsets.UTF_8));
      }
      exchange.getResponseHeaders().set("content-type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  /** Searches what came so far. */
  void searchTraces() {
    synchronized (traces) {
      search("traces", traces.toByteArray());
    }
  }

  void search(String sink, byte[] content) {
    found.computeIfAbsent(sink, _ -> new TreeSet<>()).addAll(search.in(content));
  }

  void search(String sink, String content) {
    search(sink, content.getBytes(StandardCharsets.UTF_8));
  }

  /** What the servers show of themselves. */
  void searchPages(GatewayStack gateway, int extProcAdminPort)
      throws IOException, InterruptedException {
    search("metrics", gateway.admin("GET", "/metrics", "").body());
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI metrics = URI.create("http://127.0.0.1:" + extProcAdminPort + "/metrics");
      HttpRequest get = HttpRequest.newBuilder(metrics).build();
      search("metrics", client.send(get, HttpResponse.BodyHandlers.ofString()).body());
    }
    for (String page :
        List.of(
            "config_dump?include_eds",
            "init_dump",
            "stats",
            "stats/prometheus",
            "clusters",
            "listeners",
            "server_info")) {
      search("envoy's admin pages", gateway.envoyAdmin("/" + page));
    }
    for (String list : List.of("", "/demo/audit", "/demo/usage", "/demo/limits")) {
      search("admin API", gateway.admin("GET", "/api/v1/tenants" + list, "").body());
    }
  }

  /** Every file below a folder, and the files' names. */
  void searchFiles(String sink, Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        search(sink, file.toString());
        search(sink, Files.readAllBytes(file));
      }
    }
  }

  /** Every row of every table, as text: bytes in hexadecimal. */
  void searchTables(String sink, DatabaseUrl database) throws SQLException {
    List<String> tables =
        TestDatabase.query(
            database,
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                + " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')");
    for (String table : tables) {
      search(
          sink,
          String.join(
              "\n", TestDatabase.query(database, "SELECT row::text FROM " + table + " row")));
    }
  }

  /** Every key and value, and what Redis writes to its disk. */
  int searchRedis(String sink, RedisServer redis) throws IOException {
    RedisClient client = RedisClient.create(redis.url());
    try (StatefulRedisConnection<byte[], byte[]> connection =
        client.connect(ByteArrayCodec.INSTANCE)) {
      List<byte[]> keys = connection.sync().keys("*");
      for (byte[] key : keys) {
        search(sink, key);
        search(sink, connection.sync().dump(key));
      }
      connection.sync().save();
      searchFiles(sink, redis.folder());
      return keys.size();
    } finally {
      client.shutdown();
    }
  }

  /** What was found, by sink. */
  Map<String, Set<String>> found() {
    return found;
  }

  @Override
  public void close() {
    collector.stop(0);
  }
}
