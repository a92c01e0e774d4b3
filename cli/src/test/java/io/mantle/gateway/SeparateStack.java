package io.mantle.gateway;

import io.mantle.cli.EnvoyBinary;
import io.mantle.cli.EnvoyBootstrap;
import io.mantle.controlplane.database.DatabaseUrl;
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
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The gateway as three processes, each of which may be killed and started again. */
final class SeparateStack implements AutoCloseable {
  static final String KEY = "sk-mantle-separate-stack-key";
  static final String NODE = "separate-stack";

  private static final String ADMIN_TOKEN = "admin-token-of-the-separate-stack";

  /** A process. */
  enum Part {
    CONTROL_PLANE,
    EXT_PROC,
    ENVOY
  }

  private final Path folder = Files.createTempDirectory("mantle-it-");
  private final ScriptedProvider provider = ScriptedProvider.start();
  private final String databaseUrl;
  private final int port = freePort();
  private final int adminPort = freePort();
  private final int extProcAdminPort = freePort();
  private final int envoyAdminPort = freePort();
  private final Map<Part, Process> running = new EnumMap<>(Part.class);

  SeparateStack(TestDatabase database) throws Exception {
    databaseUrl = database.create();
    Files.writeString(folder.resolve("admin-token"), ADMIN_TOKEN);
  }

  /** Starts a part and does not wait for it. */
  void start(Part part, Map<String, String> settings) throws Exception {
    ProcessBuilder builder = builder(part);
    builder.environment().putAll(settings);
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log(part).toFile()));
    running.put(part, TestProcesses.startedByAThreadThatLives(builder));
  }

  void start(Part part) throws Exception {
    start(part, Map.of());
  }

  /** SIGKILL. */
  void kill(Part part) throws InterruptedException {
    Process process = running.remove(part);
    if (process != null) {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  private ProcessBuilder builder(Part part) throws Exception {
    return switch (part) {
      case CONTROL_PLANE -> {
        ProcessBuilder java = TestProcesses.java("io.mantle.controlplane.ControlPlane");
        java.environment()
            .putAll(
                Map.of(
                    "MANTLE_DATABASE_URL",
                    databaseUrl,
                    "MANTLE_DATA_DIR",
                    folder.resolve("control-plane").toString(),
                    "MANTLE_ADMIN_LISTEN",
                    "127.0.0.1:" + adminPort,
                    "MANTLE_ADMIN_TOKEN_FILE",
                    folder.resolve("admin-token").toString(),
                    "MANTLE_XDS_LISTEN",
                    "unix:" + folder.resolve("xds.sock"),
                    "MANTLE_GATEWAY_LISTEN",
                    "127.0.0.1:" + port,
                    "MANTLE_EXTPROC_SOCKET",
                    folder.resolve("extproc.sock").toString(),
                    "MANTLE_DEMO_KEY",
                    KEY,
                    "MANTLE_DEMO_UPSTREAM_URL",
                    provider.baseUrl().toString(),
                    "MANTLE_DEMO_UPSTREAM_KEY",
                    "provider-key"));
        yield java;
      }
      case EXT_PROC -> {
        ProcessBuilder java = TestProcesses.java("io.mantle.extproc.ExtProcServer");
        java.environment()
            .putAll(
                Map.of(
                    "MANTLE_EXTPROC_SOCKET", folder.resolve("extproc.sock").toString(),
                    "MANTLE_ADS_SOCKET", folder.resolve("ads.sock").toString(),
                    "MANTLE_CONTROL_PLANE", "unix:" + folder.resolve("xds.sock"),
                    "MANTLE_EXTPROC_ADMIN_LISTEN", "127.0.0.1:" + extProcAdminPort,
                    "MANTLE_DATA_DIR", folder.resolve("sidecar").toString()));
        yield java;
      }
      case ENVOY -> {
        Path binary = EnvoyBinary.locate(Folders.root().resolve(".mantle"), System.err::println);
        Path bootstrap = folder.resolve("bootstrap.yaml");
        new EnvoyBootstrap(NODE, envoyAdminPort, folder.resolve("ads.sock")).write(bootstrap);
        yield new ProcessBuilder(
            binary.toString(), "--config-path", bootstrap.toString(), "--disable-hot-restart");
      }
    };
  }

  ScriptedProvider provider() {
    return provider;
  }

  DatabaseUrl database() {
    return DatabaseUrl.parse(databaseUrl);
  }

  /** Where the ext_proc server keeps what was good last. */
  Path sidecarData() {
    return folder.resolve("sidecar");
  }

  /** A chat completion's answer; status 0 where nobody listens or the connection broke. */
  RawClient.Answer chat(String key, String body) throws IOException {
    try {
      return RawClient.chat(port, key, body.getBytes(StandardCharsets.UTF_8)).answer();
    } catch (IOException e) {
      return new RawClient.Answer(0, Map.of(), new byte[0], false);
    }
  }

  /** The status of {@code /ready} of the ext_proc server; 0 where it does not run. */
  int extProcReady() throws InterruptedException {
    return get(extProcAdminPort, "/ready").statusCode();
  }

  /** What the control plane knows of Envoys; empty where it does not run. */
  String envoyStatus() throws InterruptedException {
    return get(adminPort, "/api/v1/envoy/status").body();
  }

  /** Envoy's configuration as it has it now. */
  String envoyConfig() throws InterruptedException {
    return get(envoyAdminPort, "/config_dump").body();
  }

  private record Got(int statusCode, String body) {}

  private static Got get(int port, String path) throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .header("Authorization", "Bearer " + ADMIN_TOKEN)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return new Got(response.statusCode(), response.body());
    } catch (IOException e) {
      return new Got(0, "");
    }
  }

  private Path log(Part part) {
    return folder.resolve(part + ".log");
  }

  /** What a part has said. */
  String said(Part part) throws IOException {
    return Files.readString(log(part), StandardCharsets.ISO_8859_1);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      for (Part part : Part.values()) {
        kill(part);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    provider.close();
    Folders.delete(folder);
  }
}
