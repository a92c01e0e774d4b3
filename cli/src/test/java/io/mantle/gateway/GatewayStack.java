package io.mantle.gateway;

import io.mantle.cli.EnvoyBinary;
import io.mantle.cli.EnvoyBootstrap;
import io.mantle.cli.LaunchException;
import io.mantle.controlplane.ControlPlane;
import io.mantle.controlplane.Settings;
import io.mantle.controlplane.database.DatabaseUrl;
import io.mantle.extproc.ExtProcServer;
import io.mantle.extproc.value.RefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The gateway as a whole: Envoy, control plane, Postgres, ext_proc server, and a {@link
 * ScriptedProvider} as the demo tenant's provider. All is as in production but that control plane
 * and ext_proc server run in this JVM, and that some limits are lower.
 */
final class GatewayStack implements AutoCloseable {
  static final String KEY = "sk-mantle-integration-test-key";
  static final String PROVIDER_KEY = "provider-key-of-the-demo-tenant";
  static final int BODY_BYTES_MAX = 100_000;
  static final Duration FIRST_BYTE_MAX = Duration.ofSeconds(3);

  private static final String ADMIN_TOKEN = "admin-token-of-the-integration-test";
  private static final String NODE = "integration-test";
  private static final Duration READY_TIME_MAX = Duration.ofSeconds(60);
  private static final int BYTES_IN_FLIGHT_MAX = 1 << 28;
  private static final int SEGMENT_CACHE_BYTES_MAX = 1 << 20;

  /** Where the ext_proc server is. */
  enum ExtProc {
    /** In this JVM. */
    HERE,
    /** In this JVM, behind a {@link FaultyRelay}. */
    BEHIND_RELAY,
    /** In a JVM of its own, which may be killed. */
    OWN_PROCESS,
    /** As that, and the control plane likewise. */
    OWN_PROCESS_AS_IS_THE_CONTROL_PLANE
  }

  /** Where Envoy has its configuration from. */
  private enum EnvoyConfig {
    /** The control plane, by way of the ext_proc server. */
    PUSHED,
    /** {@code envoy/static-example.yaml}, which the control plane does not know. */
    STATIC,
    /** As that, the Envoy being the official one in a container. */
    STATIC_IN_CONTAINER
  }

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Map<String, String> settings;
  private final Path folder = Files.createTempDirectory("mantle-it-");
  private final LogTap log;
  private final int port = freePort();
  private final int envoyAdminPort = freePort();
  private final ScriptedProvider provider;
  private final DatabaseUrl databaseUrl;
  private final Map<String, String> controlPlaneEnvironment;
  private int adminPort;
  private @Nullable Process controlPlane;
  private @Nullable FaultyRelay relay;
  private @Nullable Process extProc;
  private @Nullable Process envoy;
  private int extProcAdminPort;

  /**
   * Starts all of it; ready on return.
   *
   * @param settings of control plane and ext_proc server, which go before those made here
   */
  static GatewayStack start(TestDatabase database, ExtProc extProc, Map<String, String> settings)
      throws Exception {
    return start(database, extProc, EnvoyConfig.PUSHED, settings);
  }

  /** As the other, but for an Envoy that somebody else configured, as in a mesh. */
  static GatewayStack startBehindStaticEnvoy(
      TestDatabase database, ExtProc extProc, Map<String, String> settings) throws Exception {
    return start(database, extProc, EnvoyConfig.STATIC, settings);
  }

  /** As that, with the official Envoy in a container. */
  static GatewayStack startBehindStaticEnvoyInContainer(
      TestDatabase database, ExtProc extProc, Map<String, String> settings) throws Exception {
    return start(database, extProc, EnvoyConfig.STATIC_IN_CONTAINER, settings);
  }

  /** With an Envoy that asks this server for the addresses of names. */
  static GatewayStack startWithDns(TestDatabase database, ScriptedDns dns) throws Exception {
    return start(database, ExtProc.HERE, EnvoyConfig.PUSHED, Map.of(), dns.resolverOfEnvoy());
  }

  private static GatewayStack start(
      TestDatabase database, ExtProc extProc, EnvoyConfig config, Map<String, String> settings)
      throws Exception {
    return start(database, extProc, config, settings, "");
  }

  private static GatewayStack start(
      TestDatabase database,
      ExtProc extProc,
      EnvoyConfig config,
      Map<String, String> settings,
      String moreBootstrap)
      throws Exception {
    GatewayStack stack = new GatewayStack(database, settings);
    try {
      stack.startControlPlane(extProc);
      stack.startExtProc(extProc);
      stack.startEnvoy(config, moreBootstrap);
      stack.awaitReady();
      return stack;
    } catch (Exception | AssertionError e) {
      stack.close();
      throw e;
    }
  }

  private GatewayStack(TestDatabase database, Map<String, String> settings)
      throws IOException, SQLException, InterruptedException {
    this.settings = Map.copyOf(settings);
    log = own(LogTap.open());
    provider = own(ScriptedProvider.start());
    Map<String, String> environment = new HashMap<>();
    environment.put("MANTLE_DATABASE_URL", database.create());
    environment.put("MANTLE_DATA_DIR", folder.toString());
    environment.put("MANTLE_ADMIN_LISTEN", "127.0.0.1:0");
    Path adminToken = folder.resolve("admin-token");
    Files.writeString(adminToken, ADMIN_TOKEN);
    environment.put("MANTLE_ADMIN_TOKEN_FILE", adminToken.toString());
    environment.put("MANTLE_GATEWAY_LISTEN", "127.0.0.1:" + port);
    environment.put("MANTLE_EXTPROC_SOCKET", socket("envoy").toString());
    environment.put("MANTLE_XDS_LISTEN", "unix:" + socket("xds"));
    environment.put("MANTLE_BODY_BYTES_MAX", Integer.toString(BODY_BYTES_MAX));
    environment.put("MANTLE_FIRST_BYTE_TIMEOUT_SECONDS", Long.toString(FIRST_BYTE_MAX.toSeconds()));
    environment.put("MANTLE_UPSTREAM_CA_FILE", upstreamAuthorities().toString());
    environment.put("MANTLE_DEMO_KEY", KEY);
    environment.put("MANTLE_DEMO_UPSTREAM_URL", provider.baseUrl().toString());
    environment.put("MANTLE_DEMO_UPSTREAM_KEY", PROVIDER_KEY);
    environment.put("MANTLE_DEMO_MODELS", "gpt-test,gpt-other");
    if (settings.containsKey("MANTLE_DEMO_ANTHROPIC_MODELS")) {
      environment.put("MANTLE_DEMO_ANTHROPIC_URL", provider.baseUrl().toString());
    }
    environment.putAll(settings);
    controlPlaneEnvironment = Map.copyOf(environment);
    databaseUrl = DatabaseUrl.parse(environment.getOrDefault("MANTLE_DATABASE_URL", ""));
  }

  private void startControlPlane(ExtProc extProc) throws IOException, InterruptedException {
    switch (extProc) {
      case HERE, BEHIND_RELAY, OWN_PROCESS ->
          adminPort = own(ControlPlane.start(Settings.of(controlPlaneEnvironment))).adminPort();
      case OWN_PROCESS_AS_IS_THE_CONTROL_PLANE -> {
        adminPort = freePort();
        restartControlPlane();
      }
    }
  }

  /** Starts the control plane in a process of its own, as after a crash. */
  void restartControlPlane() throws IOException {
    Map<String, String> environment = new HashMap<>(controlPlaneEnvironment);
    environment.put("MANTLE_ADMIN_LISTEN", "127.0.0.1:" + adminPort);
    controlPlane = spawn(ControlPlane.class, environment, "control-plane.log");
  }

  int port() {
    return port;
  }

  /** Who may certify providers; not there until a test that names one by https writes it. */
  Path upstreamAuthorities() {
    return folder.resolve("upstream-ca.pem");
  }

  /** Where everything but the database is: logs, sockets, what the servers keep. */
  Path folder() {
    return folder;
  }

  URI baseUrl() {
    return URI.create("http://127.0.0.1:" + port + "/v1");
  }

  ScriptedProvider provider() {
    return provider;
  }

  FaultyRelay relay() {
    return java.util.Objects.requireNonNull(relay, "the stack has no relay");
  }

  /** The ext_proc server's own process. */
  Process extProcProcess() {
    return java.util.Objects.requireNonNull(extProc, "ext_proc has no process of its own");
  }

  /** The control plane's own process. */
  Process controlPlaneProcess() {
    return java.util.Objects.requireNonNull(controlPlane, "it has no process of its own");
  }

  /** Envoy, where it is a process of this machine. */
  Process envoyProcess() {
    return java.util.Objects.requireNonNull(envoy, "Envoy is elsewhere");
  }

  DatabaseUrl database() {
    return databaseUrl;
  }

  /** Sends a chat completion and reads the answer. */
  RawClient.Answer chat(String body, String... headers) throws IOException {
    return chatAs(KEY, body, headers);
  }

  RawClient.Answer chatAs(String key, String body, String... headers) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return RawClient.chat(port, key, bytes, headers).answer();
  }

  /** Everything that any part has logged or would show: logs, Envoy's configuration, its stats. */
  String everythingSaid() throws IOException, InterruptedException {
    StringBuilder said = new StringBuilder(log.text());
    for (Path file :
        List.of(
            folder.resolve("envoy.log"),
            folder.resolve("extproc.log"),
            folder.resolve("control-plane.log"))) {
      if (Files.exists(file)) {
        said.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return said.append(envoyAdmin("/config_dump?include_eds"))
        .append(envoyAdmin("/stats"))
        .append(envoyAdmin("/clusters"))
        .toString();
  }

  /** What Envoy's admin interface answers. */
  String envoyAdmin(String path) throws IOException, InterruptedException {
    return envoyAdmin("GET", path);
  }

  String envoyAdmin(String method, String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + envoyAdminPort + path);
      HttpRequest request =
          HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  /** The metrics of the ext_proc server, where it is in this JVM. */
  String extProcMetrics() throws IOException, InterruptedException {
    return extProcAdmin("/metrics").body();
  }

  /** What the ext_proc server answers on its own port, where it is in this JVM. */
  HttpResponse<String> extProcAdmin(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + extProcAdminPort + path);
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  /** What the admin API answers. */
  HttpResponse<String> admin(String method, String path, String body)
      throws IOException, InterruptedException {
    return admin(method, path, body, "");
  }

  /** As that, once for each {@code Idempotency-Key}; empty for none. */
  HttpResponse<String> admin(String method, String path, String body, String idempotencyKey)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + adminPort + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + ADMIN_TOKEN)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!idempotencyKey.isEmpty()) {
      request.header("Idempotency-Key", idempotencyKey);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  /** The usage rows of the demo tenant, oldest first: {@code outcome|status|streamed|...}. */
  List<String> usage(String columns) throws SQLException {
    return TestDatabase.query(
        database(), "SELECT " + columns + " FROM usage ORDER BY started_at, stored_at");
  }

  private void startExtProc(ExtProc where) throws IOException, RefusedException {
    Path envoySide = socket("envoy");
    switch (where) {
      case HERE ->
          extProcAdminPort = own(ExtProcServer.start(extProcSettings(envoySide))).adminPort();
      case BEHIND_RELAY -> {
        Path serverSide = socket("server");
        own(ExtProcServer.start(extProcSettings(serverSide)));
        relay = own(FaultyRelay.start(envoySide, serverSide));
      }
      case OWN_PROCESS, OWN_PROCESS_AS_IS_THE_CONTROL_PLANE -> restartExtProc();
    }
  }

  private io.mantle.extproc.Settings extProcSettings(Path socket) {
    Map<String, String> environment = new HashMap<>();
    environment.put("MANTLE_NODE_ID", NODE);
    environment.put("MANTLE_BODY_BYTES_MAX", Integer.toString(BODY_BYTES_MAX));
    environment.put("MANTLE_BYTES_IN_FLIGHT_MAX", Integer.toString(BYTES_IN_FLIGHT_MAX));
    environment.put("MANTLE_SEGMENT_CACHE_BYTES_MAX", Integer.toString(SEGMENT_CACHE_BYTES_MAX));
    environment.put("MANTLE_DATA_DIR", folder.toString());
    environment.put("MANTLE_CONTROL_PLANE", "unix:" + socket("xds"));
    environment.putAll(settings);
    environment.put("MANTLE_EXTPROC_SOCKET", socket.toString());
    environment.put("MANTLE_ADS_SOCKET", socket("ads").toString());
    return io.mantle.extproc.Settings.read(environment);
  }

  /** Starts the ext_proc server in a process of its own, as after a crash. */
  void restartExtProc() throws IOException {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("MANTLE_EXTPROC_SOCKET", socket("envoy").toString());
    environment.put("MANTLE_ADS_SOCKET", socket("ads").toString());
    environment.put("MANTLE_CONTROL_PLANE", "unix:" + socket("xds"));
    environment.put("MANTLE_DATA_DIR", folder.toString());
    environment.put("MANTLE_BODY_BYTES_MAX", Integer.toString(BODY_BYTES_MAX));
    extProc = spawn(ExtProcServer.class, environment, "extproc.log");
  }

  private Process spawn(Class<?> main, Map<String, String> environment, String logName)
      throws IOException {
    ProcessBuilder builder = TestProcesses.java(main.getName());
    builder.environment().putAll(environment);
    Process process =
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(logName).toFile()))
            .start();
    own(() -> process.destroyForcibly().waitFor(5, TimeUnit.SECONDS));
    return process;
  }

  private void startEnvoy(EnvoyConfig config, String moreBootstrap)
      throws IOException, LaunchException, InterruptedException {
    Path bootstrap = bootstrap();
    switch (config) {
      case PUSHED -> new EnvoyBootstrap(NODE, envoyAdminPort, socket("ads")).write(bootstrap);
      case STATIC, STATIC_IN_CONTAINER -> Files.writeString(bootstrap, staticExample());
    }
    Files.writeString(bootstrap, moreBootstrap, StandardOpenOption.APPEND);
    switch (config) {
      case PUSHED, STATIC -> restartEnvoy();
      case STATIC_IN_CONTAINER ->
          own(EnvoyContainer.start(bootstrap, folder, folder.resolve("envoy.log")));
    }
  }

  private Path bootstrap() {
    return folder.resolve("bootstrap.yaml");
  }

  /** Starts Envoy, as after a crash where it ran before. */
  void restartEnvoy() throws IOException, LaunchException, InterruptedException {
    Path binary = EnvoyBinary.locate(Folders.root().resolve(".mantle"), System.err::println);
    ProcessBuilder builder =
        new ProcessBuilder(
                binary.toString(),
                "--file-flush-interval-msec",
                "100", // a test does not wait for the access log as long as people may
                "--config-path",
                bootstrap().toString(),
                "--disable-hot-restart",
                "--log-level",
                "info")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("envoy.log").toFile()));
    Process started = TestProcesses.startedByAThreadThatLives(builder);
    envoy = started;
    own(() -> started.destroyForcibly().waitFor(5, TimeUnit.SECONDS));
  }

  /** The example with this stack's ports, sockets, names and limits. */
  private String staticExample() throws IOException {
    Map<String, String> own =
        Map.of(
            "port_value: 8080", "port_value: " + port,
            "port_value: 9901", "port_value: " + envoyAdminPort,
            "/run/mantle/ext_proc.sock", socket("envoy").toString(),
            "/etc/mantle/answer_guard.lua",
                Folders.root().resolve("envoy/answer_guard.lua").toString(),
            "http://llm.internal:8000", demoRoute(),
            "address: llm.internal, port_value: 8000",
                "address: 127.0.0.1, port_value: " + provider.baseUrl().getPort(),
            "33554432", Integer.toString(BODY_BYTES_MAX),
            "message_timeout: 5s",
                "message_timeout: " + milliseconds("MANTLE_MESSAGE_TIMEOUT_MILLIS", 5_000),
            "idle_timeout: 300s", // of the connection and of the route, which overrides it
                "idle_timeout: "
                    + settings.getOrDefault("MANTLE_STREAM_IDLE_TIMEOUT_SECONDS", "300")
                    + "s",
            "per_try_timeout: 120s", "per_try_timeout: " + FIRST_BYTE_MAX.toSeconds() + "s");
    String example = Files.readString(Folders.root().resolve("envoy/static-example.yaml"));
    for (Map.Entry<String, String> value : own.entrySet()) {
      if (!example.contains(value.getKey())) {
        throw new IllegalStateException("the example no longer has " + value.getKey());
      }
      example = example.replace(value.getKey(), value.getValue());
    }
    return example;
  }

  /** What ext_proc names the demo tenant's provider by. */
  String demoRoute() {
    return "http://127.0.0.1:" + provider.port();
  }

  private String milliseconds(String setting, int otherwise) {
    int millis = Integer.parseInt(settings.getOrDefault(setting, Integer.toString(otherwise)));
    return String.format(Locale.ROOT, "%d.%03ds", millis / 1_000, millis % 1_000);
  }

  /** Waits until a chat goes all the way and comes back. */
  void awaitReady() throws Exception {
    provider.answers((_, wire) -> wire.json(200, "{\"ready\":true}"));
    Until.holds(
        READY_TIME_MAX,
        "the gateway answers",
        () -> {
          try {
            return chat(Chat.saying("hello")).status() == 200;
          } catch (IOException e) {
            return false; // not listening yet
          }
        });
    provider.answers((_, wire) -> wire.json(200, "{}"));
  }

  /** A socket's path may not be long; this folder's is short. */
  private Path socket(String name) {
    return folder.resolve(name + ".sock");
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private <T extends AutoCloseable> T own(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() throws IOException {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        throw new IOException("a part does not stop", e);
      }
    }
    Folders.delete(folder);
  }
}
