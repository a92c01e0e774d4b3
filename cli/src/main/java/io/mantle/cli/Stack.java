package io.mantle.cli;

import io.mantle.cli.demo.DemoProvider;
import io.mantle.cli.demo.ReceivedLog;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * One run on this machine, wired on this page: demo provider, canary, control plane, ext_proc
 * server, Envoy.
 *
 * <p>{@link #close} stops what was started, in the order of a request's way, and may be called from
 * any thread, at any time, more than once.
 */
final class Stack implements AutoCloseable, Child.Listener {
  static final String NODE_ID = "mantle-local";

  private static final Duration READY_TIME_MAX = Duration.ofSeconds(60);
  private static final Duration STOP_GRACE = Duration.ofSeconds(4);
  private static final Duration BETWEEN_CHUNKS = Duration.ofMillis(15);

  private final UpOptions options;
  private final DataFolder data;
  private final Endpoints endpoints;
  private final Progress progress;
  private final ProcessTable table;
  private final CompletableFuture<LaunchException> failure = new CompletableFuture<>();

  /** In the order of their start. What follows is guarded by this. */
  private final List<Child> children = new ArrayList<>();

  private final List<AutoCloseable> inThisProcess = new ArrayList<>();
  private boolean ready;
  private boolean closed;

  private Stack(UpOptions options, Endpoints endpoints, Progress progress) {
    this.options = options;
    this.data = options.data();
    this.endpoints = endpoints;
    this.progress = progress;
    this.table = new ProcessTable(data.processFile(), endpoints.sockets().path());
  }

  /** Chooses ports and a folder for sockets; starts nothing yet. */
  static Stack prepare(UpOptions options, Progress progress) throws LaunchException, IOException {
    Ports ports = Ports.choose(options.listen().address(), options.port(), options.adminPort());
    return new Stack(
        options, new Endpoints(options.listen(), ports, SocketFolder.create()), progress);
  }

  /**
   * Starts everything, side by side, and returns when it is ready; {@code run.json} is written
   * then.
   *
   * @throws LaunchException names the part that is not ready and its log
   */
  RunFile start() throws LaunchException, IOException, InterruptedException {
    long began = System.nanoTime();
    table.add(RunningProcess.of("mantle", ProcessHandle.current()));
    String canaryKey = data.canaryKey();
    String adminToken = data.adminToken();
    Optional<Path> deepModel =
        options.deep() ? Optional.of(DeepModel.locate(data.root(), progress)) : Optional.empty();
    Map<String, String> vault = SharedVault.environment(options.redis(), System.getenv(), data);
    SharedVault.check(vault);
    PrivateFiles.deleteFolder(data.lastGood());
    Services services = new Services(data, endpoints, deepModel, vault);
    Canary canary = own(Canary.start());
    start(services.controlPlane(demoUpstreams(), data.demoKey(), canaryKey, canary.upstream()));
    start(services.extproc());
    new EnvoyBootstrap(NODE_ID, endpoints.ports().envoyAdmin(), endpoints.sockets().ads())
        .write(data.bootstrapFile());
    Path binary = EnvoyBinary.locate(data.root(), progress);
    start(Services.envoy(binary, data.bootstrapFile(), data.log("envoy")));

    try (LoopbackHttp http = LoopbackHttp.trusting(options.listen().tls())) {
      Readiness readiness = new Readiness(began, progress, this::throwFailure);
      readiness.await(parts(http, adminToken), READY_TIME_MAX);
      readiness.await(List.of(canaryProbe(http, canary, canaryKey)), READY_TIME_MAX);
    }
    RunFile run = nowReady();
    progress.line("ready in " + Readiness.seconds(System.nanoTime() - began));
    return run;
  }

  /** Returns only when a part could not be kept going. */
  LaunchException awaitFailure() throws InterruptedException {
    try {
      return failure.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    Files.deleteIfExists(data.runFile());
    try {
      for (Child child : children.reversed()) {
        child.stop(STOP_GRACE);
      }
      for (AutoCloseable part : inThisProcess) {
        part.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IOException(e);
    }
    endpoints.sockets().delete();
    Files.deleteIfExists(data.processFile());
  }

  private List<Services.DemoUpstream> demoUpstreams() throws IOException {
    if (!options.upstreams().isEmpty()) {
      return options.upstreams().stream()
          .map(
              upstream ->
                  new Services.DemoUpstream(
                      upstream.kind(), upstream.baseUrl(), upstream.key(System.getenv()), ""))
          .toList();
    }
    ReceivedLog log = new ReceivedLog(data.log("demo-provider"));
    DemoProvider demo = own(DemoProvider.start(log, BETWEEN_CHUNKS));
    return Stream.of(Upstream.Kind.values())
        .map(kind -> new Services.DemoUpstream(kind, demo.baseUrl(), "demo-provider-key", "demo"))
        .toList();
  }

  private List<Probe> parts(LoopbackHttp http, String adminToken) {
    URI status = endpoints.admin().resolve("/api/v1/envoy/status");
    return List.of(
        new Probe("control plane", data.log("control-plane"), ready(http, endpoints.admin())),
        new Probe("ext_proc server", data.log("extproc"), ready(http, endpoints.extprocAdmin())),
        new Probe("Envoy", data.log("envoy"), ready(http, endpoints.envoyAdmin())),
        new Probe(
            "configuration",
            data.log("control-plane"),
            () -> EnvoyStatus.whyNotAcked(http.get(status, adminToken), NODE_ID)));
  }

  private Probe canaryProbe(LoopbackHttp http, Canary canary, String key) {
    URI baseUrl = endpoints.gateway().resolve("/v1");
    return new Probe(
        "masked and restored round trip",
        data.log("extproc"),
        () -> canary.whyNot(http, baseUrl, key));
  }

  private static Probe.Check ready(LoopbackHttp http, URI server) {
    return () -> {
      int status = http.status(server.resolve("/ready"));
      return status == 200 ? Optional.empty() : Optional.of("/ready answers HTTP " + status);
    };
  }

  /** Pids must be true in both files at any time. */
  @Override
  public synchronized void started(RunningProcess process) throws IOException {
    table.add(process);
    if (ready && !closed) {
      run().write(data.runFile());
    }
  }

  @Override
  public void gaveUp(LaunchException reason) {
    failure.complete(reason);
  }

  private synchronized RunFile nowReady() throws IOException, LaunchException {
    if (closed) {
      throw LaunchException.failed("stopped");
    }
    ready = true;
    table.refresh();
    children.forEach(Child::mayRestart);
    RunFile run = run();
    run.write(data.runFile());
    return run;
  }

  private RunFile run() throws IOException {
    URI gateway = endpoints.gateway();
    return new RunFile(
        gateway + "/v1",
        gateway.toString(),
        endpoints.admin().toString(),
        data.demoKey(),
        data.adminToken(),
        endpoints.envoyAdmin().toString(),
        endpoints.extprocAdmin().toString(),
        table.pids());
  }

  private void throwFailure() throws LaunchException {
    LaunchException reason = failure.getNow(null);
    if (reason != null) {
      throw reason;
    }
  }

  private synchronized void start(ChildSpec spec) throws LaunchException {
    if (closed) {
      throw LaunchException.failed("stopped");
    }
    Child child = Child.start(spec, this, progress);
    children.add(child);
  }

  private synchronized <T extends AutoCloseable> T own(T part) {
    inThisProcess.add(part);
    return part;
  }
}
