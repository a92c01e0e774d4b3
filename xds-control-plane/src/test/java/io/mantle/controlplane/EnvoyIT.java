package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Envoy takes what is published, and nothing gets past it. */
final class EnvoyIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private TestPostgres postgres;
  private Path directory;
  private int gatewayPort;
  private int envoyAdminPort;
  private Process envoy;
  private RunningControlPlane running;

  /** What {@code ENVOY} names, else what the launcher has fetched. */
  private static String envoyBinary() {
    String named = System.getenv("ENVOY");
    Path fetched = Path.of(System.getProperty("mantle.root", ""), ".mantle/envoy/1.40.0/envoy");
    Assumptions.assumeTrue(
        named != null || Files.isExecutable(fetched),
        "ENVOY names no Envoy, and none was fetched yet");
    return named != null ? named : fetched.toString();
  }

  @BeforeEach
  void start(@TempDir Path temporary) throws Exception {
    String binary = envoyBinary();
    directory = temporary;
    postgres = TestPostgres.create();
    gatewayPort = freePort();
    envoyAdminPort = freePort();
    running = startControlPlane(freePort());
    // Envoy dies with the thread that started it: this one lives until the test ends.
    envoy =
        new ProcessBuilder(
                binary,
                "-c",
                bootstrap().toString(),
                "--concurrency",
                "1",
                "-l",
                "error",
                "--disable-hot-restart")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("envoy.log").toFile())
            .start();
    try {
      Eventually.isTrue("Envoy listens", Duration.ofSeconds(30), this::gatewayListens);
    } catch (AssertionError e) {
      throw new AssertionError(
          String.join(
              "\n",
              e.getMessage(),
              "Envoy is " + (envoy.isAlive() ? "alive" : "gone"),
              Files.readString(directory.resolve("envoy.log")),
              running.get("/api/v1/envoy/status").body()),
          e);
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (envoy != null) {
      envoy.destroy();
      envoy.waitFor(10, TimeUnit.SECONDS);
    }
    if (running != null) {
      running.close();
    }
  }

  @Test
  void envoy_startedWithNothing_takesEverythingAndFollowsSql() throws Exception {
    Eventually.isTrue("has the demo's scope", Duration.ofSeconds(5), () -> hasScope("demo"));
    postgres.execute(
        "INSERT INTO tenant (id, name) VALUES ('acme', 'Acme');"
            + "INSERT INTO provider (tenant_id, name, base_url) VALUES"
            + " ('acme', 'a', 'https://localhost:9443/v1'), ('acme', 'b', 'https://127.0.0.1'),"
            + " ('acme', 'c', 'http://[::1]:9001')");
    Duration taken =
        Eventually.isTrue("has acme's scope", Duration.ofSeconds(1), () -> hasScope("acme"));
    System.out.println("a row committed was a scope in Envoy after " + taken.toMillis() + " ms");
    postgres.execute("DELETE FROM tenant WHERE id = 'acme'");
    Eventually.isTrue(
        "acme's scope and clusters are gone",
        Duration.ofSeconds(1),
        () -> !hasScope("acme") && !envoyAdmin("/clusters").contains("https://localhost:9443"));

    assertThat(running.get("/api/v1/envoy/status").body())
        .contains("\"node_id\":\"test\"")
        .contains("\"last_nack\":null");
    assertThat(envoyAdmin("/stats?filter=update_rejected").lines())
        .isNotEmpty()
        .allMatch(line -> line.endsWith(": 0"));
  }

  @Test
  void extProcAway_requestIsRefused() throws Exception {
    HttpResponse<String> response =
        HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gatewayPort + "/v1/models"))
                .header("x-mantle-internal-tenant", "demo")
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(503);
  }

  @Test
  void flood_ofOneAddress_isTurnedAwayBeforeItIsRead() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gatewayPort + "/v1/models"))
            .build();
    HttpResponse<String> last = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    for (int i = 0; i < 1_000 && last.statusCode() != 429; i++) {
      last = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }
    assertThat(last.statusCode()).isEqualTo(429);
    assertThat(last.headers().firstValue("retry-after")).hasValue("1");
    assertThat(last.body()).contains("rate_limit_exceeded");
    assertThat(envoyAdmin("/stats?filter=flood_guard")).contains("flood_guard");
  }

  @Test
  void controlPlane_restartedWithADeletionBetween_isFollowed() throws Exception {
    postgres.execute("INSERT INTO tenant (id, name) VALUES ('acme', 'Acme')");
    Eventually.isTrue("has acme's scope", Duration.ofSeconds(5), () -> hasScope("acme"));
    int port = ((Address.Tcp) running.xdsAddress()).port();
    running.close();
    postgres.execute("DELETE FROM tenant WHERE id = 'acme'");
    assertThat(gatewayListens()).as("served unchanged meanwhile").isTrue();
    assertThat(hasScope("acme")).isTrue();

    running = startControlPlane(port);

    Eventually.isTrue("acme is gone", Duration.ofSeconds(30), () -> !hasScope("acme"));
    assertThat(hasScope("demo")).isTrue();
  }

  private RunningControlPlane startControlPlane(int xdsPort) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("MANTLE_DATABASE_URL", postgres.urlText());
    settings.put("MANTLE_XDS_LISTEN", "127.0.0.1:" + xdsPort);
    settings.put("MANTLE_GATEWAY_LISTEN", "127.0.0.1:" + gatewayPort);
    settings.put("MANTLE_FLOOD_REQUESTS_PER_SECOND_OF_ADDRESS", "5");
    settings.put("MANTLE_DEMO_KEY", "sk-mantle-demo-12345678");
    settings.put("MANTLE_DEMO_UPSTREAM_URL", "http://127.0.0.1:9001");
    return RunningControlPlane.start(directory, settings);
  }

  private Path bootstrap() throws IOException {
    int xdsPort = ((Address.Tcp) running.xdsAddress()).port();
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
            .formatted(envoyAdminPort, xdsPort));
  }

  private boolean hasScope(String tenantId) throws Exception {
    return envoyAdmin("/config_dump?resource=dynamic_scoped_route_configs")
        .contains("\"string_key\": \"" + tenantId + "\"");
  }

  private boolean gatewayListens() {
    try (Socket connected = new Socket(InetAddress.getLoopbackAddress(), gatewayPort)) {
      return connected.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private String envoyAdmin(String path) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + envoyAdminPort + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
