package io.mantle.bench.scale;

import io.mantle.bench.Jvm;
import io.mantle.controlplane.database.EmbeddedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Postgres, control plane, Envoy and ext_proc server with a number of tenants. */
final class ScaleStack implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration START_TIME_MAX = Duration.ofMinutes(15);
  private static final long POLL_MILLIS = 5;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Path folder;
  private final Path envoyBinary;
  private final EmbeddedDatabase database;
  private final TenantTable tenants;
  private final AdsRelay relay;
  private final int adminPort = freePort();
  private final int xdsPort = freePort();
  private final int gatewayPort = freePort();
  private final int envoyAdminPort = freePort();
  private final int extProcAdminPort = freePort();
  private final long controlPlanePid;
  private final long envoyPid;
  private final long extProcPid;
  private final double readySeconds;
  private final double ackedSeconds;

  /** Starts one; in a folder of its own, with a short path, as a socket lies there. */
  ScaleStack(Path folder, Path envoyBinary, int tenantCount, String providerUrl)
      throws IOException, InterruptedException, SQLException {
    this.folder = Files.createDirectories(folder);
    this.envoyBinary = envoyBinary;
    try {
      database = EmbeddedDatabase.in(folder.resolve("database"));
      database.start();
      parts.push(database);
      parts.push(PartProcess.postgres(folder.resolve("database")));
      // The first makes the tables, the second each tenant's surrogate key: no part of a start.
      startOnce();
      tenants = TenantTable.fill(database.url(), tenantCount, providerUrl);
      parts.push(tenants);
      startOnce();
      relay = new AdsRelay(xdsPort);
      parts.push(relay);
      PartProcess envoy = envoy();
      envoyPid = envoy.pid();
      parts.push(envoy);
      PartProcess extProc = extProc();
      extProcPid = extProc.pid();
      parts.push(extProc);
      await("the ext_proc server listens", () -> Files.exists(folder.resolve("extproc.sock")));
      long begin = System.nanoTime();
      PartProcess controlPlane = controlPlane();
      controlPlanePid = controlPlane.pid();
      parts.push(controlPlane);
      await("the control plane is ready", () -> answers(adminPort));
      readySeconds = (System.nanoTime() - begin) / 1e9;
      await("Envoy has every tenant", () -> relay.ackedScopes() >= tenantCount);
      ackedSeconds = (System.nanoTime() - begin) / 1e9;
      await("the ext_proc server is ready", () -> answers(extProcAdminPort));
    } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
      Optional<String> ended = ended();
      close();
      if (ended.isPresent() && !(e instanceof PartEndedException)) {
        throw new PartEndedException(ended.get(), e);
      }
      throw e;
    }
  }

  /** What ended of what should run until the end, and where its log is. */
  Optional<String> ended() {
    return parts.stream()
        .filter(PartProcess.class::isInstance)
        .map(PartProcess.class::cast)
        .flatMap(part -> part.end().stream())
        .reduce((one, other) -> one + "\n" + other);
  }

  /**
   * Whoever waits for something calls this meanwhile.
   *
   * @throws PartEndedException if what it waits for will not come
   */
  void check() throws PartEndedException {
    Optional<String> ended = ended();
    if (ended.isPresent()) {
      throw new PartEndedException(ended.get());
    }
  }

  TenantTable tenants() {
    return tenants;
  }

  AdsRelay relay() {
    return relay;
  }

  int gatewayPort() {
    return gatewayPort;
  }

  long controlPlanePid() {
    return controlPlanePid;
  }

  long envoyPid() {
    return envoyPid;
  }

  long extProcPid() {
    return extProcPid;
  }

  /** From the start of the control plane's process to its first answer. */
  double readySeconds() {
    return readySeconds;
  }

  /** From the same moment to Envoy's acknowledgement of the last tenant. */
  double ackedSeconds() {
    return ackedSeconds;
  }

  /** Starts a control plane and, once it is ready, stops it. */
  private void startOnce() throws IOException, InterruptedException {
    PartProcess controlPlane = controlPlane();
    parts.push(controlPlane);
    await("the control plane is ready", () -> answers(adminPort));
    parts.remove(controlPlane);
    controlPlane.close();
  }

  private PartProcess controlPlane() throws IOException {
    return java(
        "the control plane",
        "control-plane.log",
        "io.mantle.controlplane.ControlPlane",
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        Map.of(
            "MANTLE_DATABASE_URL", Files.readString(folder.resolve("database/database.url")),
            "MANTLE_ADMIN_LISTEN", "127.0.0.1:" + adminPort,
            "MANTLE_XDS_LISTEN", "127.0.0.1:" + xdsPort,
            "MANTLE_GATEWAY_LISTEN", "127.0.0.1:" + gatewayPort));
  }

  private PartProcess extProc() throws IOException {
    return java(
        "the ext_proc server",
        "extproc.log",
        "io.mantle.extproc.ExtProcServer",
        List.of("-XX:+UseSerialGC"),
        Map.of(
            "MANTLE_CONTROL_PLANE", "127.0.0.1:" + xdsPort,
            "MANTLE_EXTPROC_ADMIN_LISTEN", "127.0.0.1:" + extProcAdminPort,
            // The same few prompts come again and again; what is measured is the work on a new one.
            "MANTLE_SEGMENT_CACHE_BYTES_MAX", "0"));
  }

  private PartProcess java(
      String name, String log, String mainClass, List<String> options, Map<String, String> settings)
      throws IOException {
    List<String> command = Jvm.command(mainClass, options.toArray(String[]::new));
    command.addAll(1, List.of("--enable-native-access=ALL-UNNAMED"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("MANTLE_"));
    builder.environment().putAll(settings);
    builder
        .environment()
        .putAll(
            Map.of(
                "MANTLE_DATA_DIR", folder.toString(),
                "MANTLE_EXTPROC_SOCKET", folder.resolve("extproc.sock").toString(),
                "MANTLE_END_WITH_STDIN", "true"));
    return PartProcess.start(name, builder, folder.resolve(log));
  }

  private PartProcess envoy() throws IOException {
    Path bootstrap = folder.resolve("envoy.yaml");
    Files.writeString(
        bootstrap,
        """
        node: {id: bench, cluster: mantle}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        dynamic_resources:
          ads_config:
            api_type: DELTA_GRPC
            transport_api_version: V3
            set_node_on_first_message_only: true
            grpc_services:
            - envoy_grpc:
                cluster_name: ads
                retry_policy: {retry_back_off: {base_interval: 0.1s, max_interval: 1s}}
          cds_config: {ads: {}, resource_api_version: V3, initial_fetch_timeout: 0s}
          lds_config: {ads: {}, resource_api_version: V3, initial_fetch_timeout: 0s}
        static_resources:
          clusters:
          - name: ads
            type: STATIC
            connect_timeout: 1s
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
            load_assignment:
              cluster_name: ads
              endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]
        """
            .formatted(envoyAdminPort, relay.port()));
    return PartProcess.start(
        "Envoy",
        new ProcessBuilder(
            envoyBinary.toString(),
            "--config-path",
            bootstrap.toString(),
            "--disable-hot-restart",
            "--log-level",
            "warn"),
        folder.resolve("envoy.log"));
  }

  private static boolean answers(int port) {
    try {
      return HTTP.send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ready")).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private interface Condition {
    boolean holds();
  }

  private void await(String what, Condition condition) throws IOException, InterruptedException {
    long end = System.nanoTime() + START_TIME_MAX.toNanos();
    while (!condition.holds()) {
      check();
      if (System.nanoTime() - end > 0) {
        throw new IOException(what + ": not within " + START_TIME_MAX + "; logs are in " + folder);
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    IOException failed = null;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        failed = new IOException("a part did not stop", e);
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
