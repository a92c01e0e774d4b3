package io.mantle.extproc;

import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.mantle.deep.OnnxClassifier;
import io.mantle.extproc.deletion.DeletionSubscription;
import io.mantle.extproc.lastgood.LastGoodFolder;
import io.mantle.extproc.limit.Limiter;
import io.mantle.extproc.record.ExchangeRecorder;
import io.mantle.extproc.relay.AdsRelay;
import io.mantle.extproc.request.ConversationMemory;
import io.mantle.extproc.request.RequestPipeline;
import io.mantle.extproc.stream.BytesInFlight;
import io.mantle.extproc.stream.ExternalProcessor;
import io.mantle.extproc.stream.HeavyWork;
import io.mantle.extproc.stream.Observer;
import io.mantle.extproc.tenant.Freshness;
import io.mantle.extproc.tenant.LastGoodPolicies;
import io.mantle.extproc.tenant.PolicyBook;
import io.mantle.extproc.tenant.PolicySubscription;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.tokens.Tokenizers;
import io.mantle.extproc.trace.TraceSettings;
import io.mantle.extproc.trace.Traces;
import io.mantle.extproc.usage.UsageReporter;
import io.mantle.extproc.value.RefusedException;
import io.mantle.logging.LogRouting;
import io.mantle.privacy.PrivacyEngine;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.cache.SegmentCache;
import io.mantle.privacy.detect.cache.SegmentKey;
import io.mantle.privacy.detect.deep.DeepLimits;
import io.mantle.privacy.detect.deep.DeepTier;
import io.mantle.privacy.detect.parallel.Workers;
import io.mantle.privacy.surrogate.SurrogateMint;
import io.mantle.vault.Vault;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The server beside each Envoy, put together. */
public final class ExtProcServer implements AutoCloseable {
  private static final Duration WARM_UP = Duration.ofMillis(1_500);

  /** What a message holds besides the body. */
  private static final int MESSAGE_OVERHEAD_BYTES = 1 << 20;

  /** An Envoy that comes back names all it has: some 60 bytes for each tenant. */
  private static final int ADS_REQUEST_BYTES_MAX = 16 << 20;

  private final AtomicBoolean warm = new AtomicBoolean();
  private final PolicyBook policies;
  private final EventLoopGroup acceptor = UnixOrTcp.threads(1);
  private final EventLoopGroup threads =
      UnixOrTcp.threads(Runtime.getRuntime().availableProcessors());
  private final HeavyWork heavyWork = new HeavyWork(Runtime.getRuntime().availableProcessors());
  private final Workers workers = new Workers(Runtime.getRuntime().availableProcessors());
  private final @Nullable DeepTier deep;
  private final Vault vault;
  private final Limiter limiter;
  private final @Nullable MutualTls tls;
  private final ManagedChannel control;
  private final PolicySubscription subscription;
  private final @Nullable DeletionSubscription deletions;
  private final UsageReporter usage;
  private final ExchangeRecorder recorder;
  private final @Nullable Traces traces;
  private final Metrics metrics;
  private final @Nullable AdsRelay relay;
  private final @Nullable Server relayServer;
  private final Server server;

  private ExtProcServer(Settings settings) throws IOException, RefusedException {
    deep = deepTier(settings);
    vault = settings.vault().open();
    limiter = settings.limits().open();
    policies =
        new PolicyBook(new Freshness(settings.lastGood().staleMax(), InstantSource.system()));
    Optional<LastGoodFolder> lastGood = lastGood(settings.lastGood());
    tls =
        settings.controlPlaneTls().isPresent()
            ? new MutualTls(settings.controlPlaneTls().get())
            : null;
    control =
        UnixOrTcp.channel(
            settings.controlPlane(),
            tls == null ? InsecureChannelCredentials.create() : tls.credentials(),
            threads);
    subscription =
        new PolicySubscription(
            control,
            settings.nodeId(),
            policies,
            deep,
            lastGood
                .map(folder -> new LastGoodPolicies(folder, policies.freshness()))
                .orElse(null));
    usage = usage(settings, control);
    recorder = new ExchangeRecorder(control);
    traces = Traces.open(settings.traces(), settings.nodeId());
    boolean limitsOnRedis = settings.limits().redis().isPresent();
    metrics =
        new Metrics(
            settings.adminListen(),
            this::isReady,
            () -> Health.of(policies.freshness(), vault, limiter, limitsOnRedis));
    subscription.start();
    relay = settings.adsSocket().isPresent() ? new AdsRelay(control, lastGood.orElse(null)) : null;
    relayServer = relay == null ? null : serve(relay, settings.adsSocket().orElseThrow());
    deletions =
        vault.isShared() ? null : new DeletionSubscription(control, settings.nodeId(), vault);
    if (deletions != null) {
      deletions.start();
    }

    PrivacyEngine engine = new PrivacyEngine(Detectors.standard(), SurrogateMint.load(), workers);
    SegmentCache segments = new SegmentCache(settings.segmentCacheBytesMax());
    String model = Detectors.modelVersion(); // here, so that no request waits for the hashing
    ConversationMemory memory = ConversationMemory.of(vault);
    RequestPipeline requests =
        new RequestPipeline(
            policies,
            engine,
            tenant ->
                segments.over(tenant.privacy().examination().detector(), segmentKey(tenant, model)),
            memory,
            settings.bodyBytesMax());
    BytesInFlight bytesInFlight = new BytesInFlight(settings.bytesInFlightMax());
    metrics.watch(policies, bytesInFlight, usage, segments);
    metrics.watch(vault);
    metrics.watch(memory);
    metrics.watch(recorder);
    metrics.watch(limiter);
    if (deep != null) {
      metrics.watch(deep);
    }
    ExchangeMeters exchanges = metrics.exchanges(settings.metricsByTenant());
    server =
        UnixOrTcp.server(settings.socket(), acceptor, threads)
            .directExecutor()
            .maxInboundMessageSize(settings.bodyBytesMax() + MESSAGE_OVERHEAD_BYTES)
            .addService(
                new ExternalProcessor(
                    requests,
                    heavyWork,
                    bytesInFlight,
                    limiter,
                    new Tokenizers(),
                    UnobservedTenant.in(usage),
                    UnobservedTenant.in(observer(exchanges, settings.traces()))))
            .build()
            .start();
    UnixOrTcp.restrict(settings.socket());
    warm.set(WarmUp.run(engine, WARM_UP) > 0);
  }

  /** Early: Envoy may start while the rest still does. */
  private Server serve(AdsRelay ads, Path socket) throws IOException {
    Server serving =
        UnixOrTcp.server(socket, acceptor, threads)
            .maxInboundMessageSize(ADS_REQUEST_BYTES_MAX)
            .addService(ads)
            .build()
            .start();
    UnixOrTcp.restrict(socket);
    return serving;
  }

  private static Optional<LastGoodFolder> lastGood(Settings.LastGood settings) throws IOException {
    if (settings.dataFolder().isEmpty()) {
      return Optional.empty();
    }
    Path data = settings.dataFolder().get();
    try {
      return Optional.of(
          settings.master().isPresent()
              ? LastGoodFolder.in(data, settings.master().get().open())
              : LastGoodFolder.withKeyOfItsOwn(data));
    } catch (IOException e) {
      throw new IOException(Setting.MANTLE_DATA_DIR + ": " + data + " cannot be used: " + e, e);
    }
  }

  private Observer observer(ExchangeMeters exchanges, TraceSettings settings) {
    Traces sent = traces;
    if (sent == null) {
      return new Observer(exchanges::count, false, _ -> false, recorder);
    }
    return new Observer(
        report -> {
          exchanges.count(report);
          sent.tell(report);
        },
        true,
        settings::letsShow,
        recorder);
  }

  private static @Nullable DeepTier deepTier(Settings settings) throws IOException {
    if (settings.deepModel().isEmpty()) {
      return null;
    }
    try {
      return new DeepTier(
          OnnxClassifier.load(settings.deepModel().get()),
          DeepLimits.standard().withMillisMax(settings.deepMillisMax()));
    } catch (IOException e) {
      throw new IOException(Setting.MANTLE_DEEP_MODEL + ": " + e.getMessage(), e);
    }
  }

  private static UsageReporter usage(Settings settings, ManagedChannel control) throws IOException {
    return settings.usageSpool().isPresent()
        ? UsageReporter.spooled(
            control, settings.nodeId(), settings.usageSpool().get(), settings.spoolLimits())
        : UsageReporter.inMemory(control, settings.nodeId());
  }

  /** Derived anew for each request, 3 us: so no table of tenants has to forget who left. */
  private static SegmentKey segmentKey(TenantPolicy tenant, String model) {
    return SegmentKey.derive(tenant.surrogateKey(), model, tenant.version());
  }

  /**
   * Starts a server; returns once it is warm. Policies may still be on their way: see {@link
   * #isReady}.
   */
  public static ExtProcServer start(Settings settings) throws IOException, RefusedException {
    return new ExtProcServer(settings);
  }

  /** Whether it is warm and holds every tenant's policy, none of them too old. */
  public boolean isReady() {
    return warm.get() && policies.isInForce();
  }

  public int adminPort() {
    return metrics.port();
  }

  @Override
  public void close() {
    try {
      UnixOrTcp.stop(server);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    usage.close();
    recorder.close();
    if (traces != null) {
      traces.close();
    }
    subscription.close();
    if (relayServer != null) {
      relayServer.shutdownNow();
    }
    if (relay != null) {
      relay.close();
    }
    if (deletions != null) {
      deletions.close();
    }
    control.shutdownNow();
    if (tls != null) {
      tls.close();
    }
    metrics.close();
    heavyWork.close();
    workers.close();
    if (deep != null) {
      deep.close();
    }
    limiter.close();
    vault.close();
    var _ = threads.shutdownGracefully();
    var _ = acceptor.shutdownGracefully();
  }

  /**
   * Runs until it is ended. Exit codes: 2 for settings that cannot be used, 1 for a start that
   * failed.
   */
  public static void main(String[] args) throws Exception {
    LogRouting.install();
    Settings settings;
    try {
      settings = Settings.read(System.getenv());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    if (settings.endWithStdin()) {
      endWithStdin();
    }
    ExtProcServer running;
    try {
      running = start(settings);
    } catch (IOException e) {
      System.err.println("the ext_proc server cannot start: " + e.getMessage());
      System.exit(1);
      return;
    }
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  running.close();
                  ended.countDown();
                }));
    System.out.println("ready");
    ended.await();
  }

  /** A launcher that was killed cannot end us itself, but the pipe it held ends with it. */
  private static void endWithStdin() {
    Thread.ofPlatform()
        .daemon()
        .name("stdin")
        .start(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                System.err.println("standard input broke off");
              }
              System.exit(0);
            });
  }
}
