package io.mantle.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A real Envoy that takes its configuration from a control plane on a loopback port. */
final class RunningEnvoy implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final int adminPort;
  private final Path log;

  private RunningEnvoy(Process process, int adminPort, Path log) {
    this.process = process;
    this.adminPort = adminPort;
    this.log = log;
  }

  /** What {@code ENVOY} names, else what the launcher has fetched; the test is skipped without. */
  static String binary() {
    String named = System.getenv("ENVOY");
    Path fetched = Path.of(System.getProperty("mantle.root", ""), ".mantle/envoy/1.40.0/envoy");
    Assumptions.assumeTrue(
        named != null || Files.isExecutable(fetched),
        "ENVOY names no Envoy, and none was fetched yet");
    return named != null ? named : fetched.toString();
  }

  /**
   * Starts one, and returns at once. It dies with the thread that calls this.
   *
   * @param directory for its bootstrap and log
   */
  static RunningEnvoy start(Path directory, Address xds) throws IOException {
    int adminPort = freePort();
    Path log = directory.resolve("envoy.log");
    Process process =
        new ProcessBuilder(
                binary(),
                "-c",
                bootstrap(directory, adminPort, ((Address.Tcp) xds).port()).toString(),
                "--concurrency",
                "1",
                "-l",
                "error",
                "--disable-hot-restart")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new RunningEnvoy(process, adminPort, log);
  }

  /** Waits until its gateway listens. */
  void awaitListener(int gatewayPort) throws Exception {
    try {
      Eventually.isTrue("Envoy listens", Duration.ofSeconds(60), () -> listens(gatewayPort));
    } catch (AssertionError e) {
      throw new AssertionError(
          String.join(
              "\n",
              e.getMessage(),
              "Envoy is " + (process.isAlive() ? "alive" : "gone"),
              Files.readString(log)),
          e);
    }
  }

  static boolean listens(int port) {
    try (Socket connected = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return connected.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Tenant to the clusters that its scope leads to, as Envoy holds them. */
  Map<String, Set<String>> scopes() throws IOException, InterruptedException {
    Map<String, Set<String>> scopes = new TreeMap<>();
    JsonNode dump = JSON.readTree(admin("/config_dump?resource=dynamic_scoped_route_configs"));
    for (JsonNode scope : dump.findValues("scoped_route_config")) {
      Set<String> clusters = new TreeSet<>();
      scope.findValuesAsText("cluster").forEach(clusters::add);
      scopes.put(scope.path("name").asText(), clusters);
    }
    for (JsonNode list : dump.findValues("scoped_route_configs")) {
      for (JsonNode one : list) {
        JsonNode scope = one.has("scoped_route_config") ? one.get("scoped_route_config") : one;
        Set<String> clusters = new TreeSet<>();
        scope.findValuesAsText("cluster").forEach(clusters::add);
        scopes.put(scope.path("name").asText(), clusters);
      }
    }
    return scopes;
  }

  /** The clusters of providers that it was sent, by name. */
  Set<String> providerClusters() throws IOException, InterruptedException {
    Set<String> names = new TreeSet<>();
    for (String resource : new String[] {"dynamic_active_clusters", "dynamic_warming_clusters"}) {
      JsonNode dump = JSON.readTree(admin("/config_dump?resource=" + resource));
      for (JsonNode config : dump.path("configs")) {
        names.add(config.path("cluster").path("name").asText());
      }
    }
    names.remove("ext_proc");
    return names;
  }

  /** How many updates it refused, of all kinds. */
  long refusals() throws IOException, InterruptedException {
    return admin("/stats?filter=update_rejected")
        .lines()
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  String admin(String path) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static Path bootstrap(Path directory, int adminPort, int xdsPort) throws IOException {
    return Files.writeString(
        directory.resolve("bootstrap.yaml"),
        """
        node: {id: test, cluster: mantle}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        dynamic_resources:
          ads_config:
            api_type: DELTA_GRPC
            transport_api_version: V3
            grpc_services:
            - envoy_grpc:
                cluster_name: xds
                retry_policy: {retry_back_off: {base_interval: 0.1s, max_interval: 1s}}
          cds_config: {ads: {}, resource_api_version: V3}
          lds_config: {ads: {}, resource_api_version: V3}
        static_resources:
          clusters:
          - name: xds
            type: STATIC
            connect_timeout: 1s
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
            load_assignment:
              cluster_name: xds
              endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]
        """
            .formatted(adminPort, xdsPort));
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
