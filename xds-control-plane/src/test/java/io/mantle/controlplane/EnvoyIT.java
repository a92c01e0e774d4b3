package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Envoy takes what is published, and nothing gets past it. */
final class EnvoyIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String OF_ADDRESS = "5";
  private static final String OF_ALL = "8";

  private TestPostgres postgres;
  private Path directory;
  private int gatewayPort;
  private RunningEnvoy envoy;
  private RunningControlPlane running;

  @BeforeEach
  void start(@TempDir Path temporary) throws Exception {
    RunningEnvoy.binary();
    directory = temporary;
    postgres = TestPostgres.create();
    gatewayPort = RunningEnvoy.freePort();
    running = startControlPlane(RunningEnvoy.freePort(), Map.of());
    envoy = RunningEnvoy.start(directory, running.xdsAddress());
    envoy.awaitListener(gatewayPort);
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (envoy != null) {
      envoy.close();
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
        () -> !hasScope("acme") && !envoy.providerClusters().contains("https://localhost:9443"));

    assertThat(running.get("/api/v1/envoy/status").body())
        .contains("\"node_id\":\"test\"")
        .contains("\"last_nack\":null");
    assertThat(envoy.refusals()).isZero();
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

  /** An address alone stays below what all may: only together do they reach that. */
  @Test
  void flood_ofOneAddressAndOfAll_areTurnedAwayBeforeTheyAreRead() throws Exception {
    Map<String, String> refusals = new HashMap<>(); // by limit and path
    try (HttpClient one = from("127.0.0.1");
        HttpClient two = from("127.0.0.2");
        HttpClient three = from("127.0.0.3")) {
      List<HttpClient> clients = List.of(one, two, three);
      for (int i = 0; i < 6_000 && refusals.size() < 4; i++) {
        String path = i / 3 % 2 == 0 ? "/v1/messages?beta=true" : "/v1/chat/completions";
        HttpRequest request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gatewayPort + path)).build();
        HttpResponse<String> answer =
            clients.get(i % 3).send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 429) {
          assertThat(answer.headers().map())
              .containsEntry("retry-after", List.of("1"))
              .containsEntry("x-ratelimit-remaining-requests", List.of("0"))
              .containsEntry("x-ratelimit-reset-requests", List.of("1s"));
          String limit = answer.headers().firstValue("x-ratelimit-limit-requests").orElseThrow();
          refusals.put(limit + " " + path, answer.body().strip());
        }
      }
    }
    String anthropic =
        """
        {"error":{"message":"Too many requests. (rate_limit_exceeded)","type":"rate_limit_error"},"type":"error"}""";
    String openAi =
        """
        {"error":{"code":"rate_limit_exceeded","message":"Too many requests.","param":null,"type":"requests"}}""";
    assertThat(refusals)
        .containsOnly(
            Map.entry(OF_ADDRESS + " /v1/messages?beta=true", anthropic),
            Map.entry(OF_ADDRESS + " /v1/chat/completions", openAi),
            Map.entry(OF_ALL + " /v1/messages?beta=true", anthropic),
            Map.entry(OF_ALL + " /v1/chat/completions", openAi));
  }

  private static HttpClient from(String address) throws IOException {
    return HttpClient.newBuilder().localAddress(InetAddress.getByName(address)).build();
  }

  @Test
  void controlPlane_restartedWithADeletionBetween_isFollowed() throws Exception {
    postgres.execute("INSERT INTO tenant (id, name) VALUES ('acme', 'Acme')");
    Eventually.isTrue("has acme's scope", Duration.ofSeconds(5), () -> hasScope("acme"));
    int port = ((Address.Tcp) running.xdsAddress()).port();
    running.close();
    postgres.execute("DELETE FROM tenant WHERE id = 'acme'");
    assertThat(RunningEnvoy.listens(gatewayPort)).as("served unchanged meanwhile").isTrue();
    assertThat(hasScope("acme")).isTrue();

    running = startControlPlane(port, Map.of());

    Eventually.isTrue("acme is gone", Duration.ofSeconds(30), () -> !hasScope("acme"));
    assertThat(hasScope("demo")).isTrue();
  }

  @Test
  void listener_givenACertificate_speaksHttps() throws Exception {
    SelfSigned identity = SelfSigned.in(directory, "EC");
    int port = ((Address.Tcp) running.xdsAddress()).port();
    running.close();
    running =
        startControlPlane(
            port,
            Map.of(
                "MANTLE_GATEWAY_TLS_CERT_FILE", identity.certificateFile().toString(),
                "MANTLE_GATEWAY_TLS_KEY_FILE", identity.keyFile().toString()));
    try (HttpClient client = HttpClient.newBuilder().sslContext(identity.trust()).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + gatewayPort + "/v1/models"))
              .build();
      Eventually.isTrue(
          "the gateway answers under TLS", Duration.ofSeconds(30), () -> answers(client, request));
    }
    assertThat(running.get("/api/v1/envoy/status").body()).contains("\"last_nack\":null");
  }

  /** With a 503, since there is no ext_proc server. */
  private static boolean answers(HttpClient client, HttpRequest request)
      throws InterruptedException {
    try {
      HttpResponse<Void> answer = client.send(request, HttpResponse.BodyHandlers.discarding());
      return answer.statusCode() == 503 && answer.version() == HttpClient.Version.HTTP_2;
    } catch (IOException e) {
      return false; // the old listener still, or its draining
    }
  }

  private RunningControlPlane startControlPlane(int xdsPort, Map<String, String> more)
      throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("MANTLE_DATABASE_URL", postgres.urlText());
    settings.put("MANTLE_XDS_LISTEN", "127.0.0.1:" + xdsPort);
    settings.put("MANTLE_GATEWAY_LISTEN", "127.0.0.1:" + gatewayPort);
    settings.put("MANTLE_FLOOD_REQUESTS_PER_SECOND_OF_ADDRESS", OF_ADDRESS);
    settings.put("MANTLE_FLOOD_REQUESTS_PER_SECOND", OF_ALL);
    settings.put("MANTLE_DEMO_KEY", "sk-mantle-demo-12345678");
    settings.put("MANTLE_DEMO_UPSTREAM_URL", "http://127.0.0.1:9001");
    return RunningControlPlane.start(directory, settings);
  }

  private boolean hasScope(String tenantId) throws Exception {
    return envoy.scopes().containsKey(tenantId);
  }
}
