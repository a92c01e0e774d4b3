package io.mantle.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Mantle as a person starts it: {@code ./mantle up}, with the bench's provider as upstream and a
 * data folder of its own.
 */
public final class MantleRun implements AutoCloseable {
  private static final Duration START_TIME_MAX = Duration.ofMinutes(3);
  private static final Duration STOP_TIME_MAX = Duration.ofSeconds(15);
  private static final long POLL_MILLIS = 100;

  /** Twice what a policy may take from the admin API's answer to the sidecar. */
  private static final long IN_FORCE_MILLIS_MAX = 2_000;

  private final Process process;
  private final JsonNode run;

  private MantleRun(Process process, JsonNode run) {
    this.process = process;
    this.run = run;
  }

  /**
   * Returns when it is ready.
   *
   * @param folder the log and all data go there
   */
  static MantleRun start(int providerPort, Path folder) throws IOException, InterruptedException {
    return start(providerPort, folder, Map.of());
  }

  /**
   * The same with environment variables of its own.
   *
   * @param environment of the servers too
   */
  public static MantleRun start(int providerPort, Path folder, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path data = folder.resolve("data");
    List<String> command =
        Jvm.command("io.mantle.cli.Mantle", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    command.addAll(List.of("up", "--port", "0", "--admin-port", "0", "--data", data.toString()));
    command.addAll(List.of("--upstream", "openai=http://127.0.0.1:" + providerPort + "/v1"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("up.log").toFile());
    // The same few prompts are sent again and again; what is measured is the work on a new one.
    builder.environment().put("MANTLE_SEGMENT_CACHE_BYTES_MAX", "0");
    builder.environment().putAll(environment);
    Process process = builder.start();
    Thread stopIt = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(stopIt);
    Path file = data.resolve("run.json");
    long end = System.nanoTime() + START_TIME_MAX.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      if (Files.exists(file)) {
        return new MantleRun(process, new ObjectMapper().readTree(Files.readString(file)));
      }
      Thread.sleep(POLL_MILLIS);
    }
    process.destroy();
    throw new IOException(
        "Mantle did not become ready:\n" + Files.readString(folder.resolve("up.log")));
  }

  public int port() {
    return URI.create(run.required("base_url").asText()).getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  public String key() {
    return run.required("api_key").asText();
  }

  /**
   * Replaces the demo tenant's privacy policy, and waits until it is in force.
   *
   * @param policy as the admin API takes it
   */
  void putPrivacy(String policy) throws IOException, InterruptedException {
    put("privacy", policy);
  }

  /**
   * Replaces the demo tenant's limits, and waits until they are in force.
   *
   * @param limits as the admin API takes them
   */
  public void putLimits(String limits) throws IOException, InterruptedException {
    put("limits", limits);
  }

  private void put(String what, String body) throws IOException, InterruptedException {
    var _ = admin("PUT", "demo/" + what, body);
    Thread.sleep(IN_FORCE_MILLIS_MAX);
  }

  /**
   * Makes a tenant without limits, with all models at that provider; returns its key once it is in
   * force.
   */
  public String createTenant(String id, int providerPort) throws IOException, InterruptedException {
    String tenant = "{\"id\":\"%s\",\"name\":\"%s\",\"plan\":\"enterprise\"}".formatted(id, id);
    var _ = admin("POST", "", tenant);
    String provider =
        admin(
                "POST",
                id + "/providers",
                "{\"name\":\"p\",\"kind\":\"openai\",\"base_url\":\"http://127.0.0.1:%d/v1\"}"
                    .formatted(providerPort))
            .required("id")
            .asText();
    var _ =
        admin(
            "POST",
            id + "/routes",
            "{\"model_pattern\":\"*\",\"providers\":[\"%s\"]}".formatted(provider));
    String key = admin("POST", id + "/keys", "{}").required("key").asText();
    Thread.sleep(2 * IN_FORCE_MILLIS_MAX); // Envoy's routes too
    return key;
  }

  private JsonNode admin(String method, String path, String body)
      throws IOException, InterruptedException {
    String tenants = run.required("admin_url").asText() + "/api/v1/tenants";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(path.isEmpty() ? tenants : tenants + "/" + path))
            .header("authorization", "Bearer " + run.required("admin_token").asText())
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new IOException(method + " " + path + " was answered with " + answer.statusCode());
      }
      return new ObjectMapper().readTree(answer.body());
    }
  }

  public long pid(String name) {
    return run.required("pids").required(name).asLong();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIME_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("Mantle did not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
