package io.mantle.controlplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.sun.net.httpserver.HttpServer;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.mantle.controlplane.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A chain's cluster in a real Envoy without ext_proc: whatever ext_proc has not approved for the
 * very endpoint that was chosen is not sent.
 */
final class AttemptIT {
  /** Says in ext_proc's stead what a header asks for. */
  private static final String IN_EXT_PROCS_STEAD =
      """
      function envoy_on_request(handle)
        local endpoint = "http://127.0.0.1:PORT"
        local attempts = {
          right = {{endpoint = endpoint, path = "/own", credential_header = "x-api-key", credential = "own"}},
          bare = {{endpoint = endpoint, path = "/own"}},
          other = {{endpoint = "http://127.0.0.1:1", path = "/own"}},
          pathless = {{endpoint = endpoint}},
          nobody = {},
        }
        local told = attempts[handle:headers():get("told")]
        if told ~= nil then
          handle:streamInfo():dynamicMetadata():set("mantle", "attempts", told)
          handle:streamInfo():dynamicMetadata():set("mantle", "body_length", 5)
        end
      end
      """;

  private static final List<Map<String, List<String>>> RECEIVED = new CopyOnWriteArrayList<>();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static HttpServer provider;

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static Process envoy;

  private static int port;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    String named = System.getenv("ENVOY");
    Path fetched = Path.of(System.getProperty("mantle.root", ""), ".mantle/envoy/1.40.0/envoy");
    Assumptions.assumeTrue(
        named != null || Files.isExecutable(fetched),
        "ENVOY names no Envoy, and none was fetched yet");
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          RECEIVED.add(Map.copyOf(exchange.getRequestHeaders()));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    provider.start();
    port = freePort();
    Path config = directory.resolve("bootstrap.pb");
    Files.write(config, bootstrap(provider.getAddress().getPort()).toByteArray());
    envoy =
        new ProcessBuilder(
                named != null ? named : fetched.toString(),
                "-c",
                config.toString(),
                "--concurrency",
                "1",
                "-l",
                "error",
                "--disable-hot-restart")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("envoy.log").toFile())
            .start();
    Eventually.isTrue("Envoy listens", Duration.ofSeconds(30), AttemptIT::listens);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (envoy != null) {
      envoy.destroy();
      envoy.waitFor(10, TimeUnit.SECONDS);
    }
    if (provider != null) {
      provider.stop(0);
    }
  }

  @BeforeEach
  void forget() {
    RECEIVED.clear();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "nobody", "other", "pathless"})
  void attempt_thatWasNotApprovedForItsEndpoint_sendsNothing(String told) throws Exception {
    assertThat(send(told)).isEqualTo(503);
    assertThat(RECEIVED).isEmpty();
  }

  @Test
  void attempt_thatWasApproved_hasItsOwnCredentialAndNoOther() throws Exception {
    assertThat(send("right")).isEqualTo(204);
    assertThat(send("bare")).isEqualTo(204);

    assertThat(RECEIVED)
        .hasSize(2)
        .allSatisfy(headers -> assertThat(headers).doesNotContainKey("Authorization"));
    assertThat(RECEIVED.getFirst()).containsEntry("X-api-key", List.of("own"));
    assertThat(RECEIVED.getLast()).doesNotContainKey("X-api-key");
    assertThat(RECEIVED.toString()).doesNotContain("mantle");
  }

  /** With what the attempt before would have left. */
  private static int send(String told) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .header("told", told)
                .header("authorization", "Bearer of-another")
                .header("x-api-key", "of-another")
                .POST(HttpRequest.BodyPublishers.ofString("hello"))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static Bootstrap bootstrap(int providerPort) throws InvalidTenantException {
    ProviderEndpoint endpoint = ProviderEndpoint.parse("http://127.0.0.1:" + providerPort);
    Chain chain = new Chain(List.of(endpoint, endpoint));
    RouteConfiguration routes =
        RouteConfiguration.newBuilder()
            .addVirtualHosts(
                VirtualHost.newBuilder()
                    .setName("all")
                    .addDomains("*")
                    .addRoutes(
                        Route.newBuilder()
                            .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                            .setRoute(RouteAction.newBuilder().setCluster(chain.name()))))
            .build();
    HttpConnectionManager manager =
        HttpConnectionManager.newBuilder()
            .setStatPrefix("all")
            .addHttpFilters(
                filter(
                    "lua",
                    Lua.newBuilder()
                        .setDefaultSourceCode(
                            DataSource.newBuilder()
                                .setInlineString(
                                    IN_EXT_PROCS_STEAD.replace(
                                        "PORT", Integer.toString(providerPort))))
                        .build()))
            .addHttpFilters(filter("router", Router.getDefaultInstance()))
            .setRouteConfig(routes)
            .build();
    return Bootstrap.newBuilder()
        .setStaticResources(
            Bootstrap.StaticResources.newBuilder()
                .addListeners(
                    Listener.newBuilder()
                        .setName("all")
                        .setAddress(
                            Address.newBuilder()
                                .setSocketAddress(
                                    SocketAddress.newBuilder()
                                        .setAddress("127.0.0.1")
                                        .setPortValue(port)))
                        .addFilterChains(
                            FilterChain.newBuilder()
                                .addFilters(
                                    Filter.newBuilder()
                                        .setName("http")
                                        .setTypedConfig(Any.pack((Message) manager)))))
                .addClusters(ProviderClusters.build(chain, TestSettings.STANDARD)))
        .build();
  }

  private static HttpFilter filter(String name, Message config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(Any.pack(config)).build();
  }

  private static boolean listens() {
    try (Socket connected = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return connected.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
