package io.mantle.bench.signals;

import io.mantle.bench.MantleRun;
import io.mantle.bench.load.Address;
import io.mantle.bench.load.LoadClient;
import io.mantle.bench.load.WrongAnswerException;
import io.mantle.bench.prompt.Prompt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One of the two that are compared: the requests of a tenant of {@code ./mantle up}. Both tenants
 * are of the same processes, since no two starts of a JVM compile alike.
 */
final class Gateway implements AutoCloseable {
  private static final String UNOBSERVED = "unobserved";

  /** High enough that nobody is refused, low enough that everything is counted. */
  private static final String LIMITS =
      """
      {"limits":{"requests_per_second":100000,"requests_per_minute":6000000,
        "tokens_per_minute":1000000000,"tokens_per_day":1000000000000,"concurrent_streams":10000}}
      """;

  /** In which what was left for later is done: traces are sent after a second, rows sooner. */
  private static final long SETTLE_MILLIS = 1_500;

  private final MantleRun mantle;
  private final LoadClient client;
  private final int connections;

  /** Whose CPU time is told apart. */
  enum Part {
    ENVOY("Envoy"),
    EXT_PROC("ext_proc"),
    CONTROL_PLANE("control plane, Postgres");

    private final String words;

    Part(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * What a block gave.
   *
   * @param cpuMillis of each part for 1,000 requests, what is done right after them included
   */
  record Cost(long requests, double perSecond, Map<Part, Double> cpuMillis) {
    /** Of what stands in a request's way: Envoy and the ext_proc server. */
    double cpuOfTheGateway() {
      return cpuOf(Part.ENVOY) + cpuOf(Part.EXT_PROC);
    }

    double cpuOf(Part part) {
      return cpuMillis.getOrDefault(part, 0.0);
    }
  }

  private Gateway(MantleRun mantle, String key, int connections) throws IOException {
    this.mantle = mantle;
    this.connections = connections;
    client = new LoadClient(new Address(mantle.port(), key), connections);
  }

  /**
   * Starts it, with traces to that collector and logs in JSON.
   *
   * @param traced how many of the requests, from 0 to 1
   */
  static MantleRun start(int providerPort, Path folder, Collector collector, double traced)
      throws IOException, InterruptedException {
    return MantleRun.start(
        providerPort,
        folder,
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            collector.endpoint(),
            "OTEL_TRACES_SAMPLER_ARG",
            Double.toString(traced),
            "MANTLE_LOG_FORMAT",
            "json",
            "MANTLE_METRICS_TENANT_LABEL",
            "true",
            "JDK_JAVA_OPTIONS",
            "-Dmantle.bench.unobserved=" + UNOBSERVED));
  }

  /** A tenant that is limited, counted, written down and traced. */
  static Gateway seeing(MantleRun mantle, int connections)
      throws IOException, InterruptedException {
    mantle.putLimits(LIMITS);
    return new Gateway(mantle, mantle.key(), connections);
  }

  /** One that is not. */
  static Gateway blind(MantleRun mantle, int providerPort, int connections)
      throws IOException, InterruptedException {
    return new Gateway(mantle, mantle.createTenant(UNOBSERVED, providerPort), connections);
  }

  /** Keeps all connections busy. */
  LoadClient.Block press(List<Prompt> prompts, long millis)
      throws IOException, WrongAnswerException {
    return client.closedLoop(prompts, connections, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** The same, and what it took. */
  Cost block(List<Prompt> prompts, long millis)
      throws IOException, InterruptedException, WrongAnswerException {
    Map<Part, Double> before = cpu();
    LoadClient.Block block = press(prompts, millis);
    Thread.sleep(SETTLE_MILLIS);
    Map<Part, Double> used = new EnumMap<>(Part.class);
    cpu()
        .forEach(
            (part, now) ->
                used.put(part, (now - before.getOrDefault(part, 0.0)) * 1_000 / block.requests()));
    return new Cost(block.requests(), block.perSecond(), used);
  }

  private Map<Part, Double> cpu() {
    Map<Part, Double> now = new EnumMap<>(Part.class);
    now.put(Part.ENVOY, millis(mantle.pid("envoy")));
    now.put(Part.EXT_PROC, millis(mantle.pid("extproc")));
    now.put(Part.CONTROL_PLANE, millis(mantle.pid("control_plane")));
    return now;
  }

  /** Of a process and of what it has started. */
  private static double millis(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
        .mapToDouble(
            process -> process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e6)
        .sum();
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
