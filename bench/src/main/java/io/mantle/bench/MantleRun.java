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
import java.util.concurrent.TimeUnit;

/**
 * Mantle as a person starts it: {@code ./mantle up}, with the bench's provider as upstream and a
 * data folder of its own.
 */
final class MantleRun implements AutoCloseable {
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

  int port() {
    return URI.create(run.required("base_url").asText()).getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  String key() {
    return run.required("api_key").asText();
  }

  /**
   * Replaces the demo tenant's privacy policy, and waits until it is in force.
   *
   * @param policy as the admin API takes it
   */
  void putPrivacy(String policy) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(run.required("admin_url").asText() + "/api/v1/tenants/demo/privacy"))
            .header("authorization", "Bearer " + run.required("admin_token").asText())
            .PUT(HttpRequest.BodyPublishers.ofString(policy))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status != 200) {
        throw new IOException("the privacy policy was answered with " + status);
      }
    }
    Thread.sleep(IN_FORCE_MILLIS_MAX);
  }

  long pid(String name) {
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
