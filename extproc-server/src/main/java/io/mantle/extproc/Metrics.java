package io.mantle.extproc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.mantle.extproc.limit.LimitCounts;
import io.mantle.extproc.limit.Limiter;
import io.mantle.extproc.limit.Verdict;
import io.mantle.extproc.record.ExchangeRecorder;
import io.mantle.extproc.request.ConversationMemory;
import io.mantle.extproc.stream.BytesInFlight;
import io.mantle.extproc.tenant.PolicyBook;
import io.mantle.extproc.usage.UsageReporter;
import io.mantle.privacy.detect.cache.SegmentCache;
import io.mantle.privacy.detect.deep.DeepTier;
import io.mantle.privacy.detect.deep.DeepTierException;
import io.mantle.vault.Vault;
import io.mantle.vault.VaultCounts;
import io.mantle.vault.value.VaultException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * {@code /health}, {@code /ready} and {@code /metrics}, on loopback. Labels are types and outcomes,
 * never a value or a tenant.
 *
 * <p>{@code /health} is 200 for as long as this process answers, whatever it says of others: who
 * restarts what is not healthy must not end streams because a Redis is away.
 */
final class Metrics implements AutoCloseable {
  /** Prometheus 3 refuses a scrape that does not say what it is. */
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private static final String JSON = "application/json";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HttpServer server;

  private final JvmGcMetrics collections = new JvmGcMetrics();

  Metrics(InetSocketAddress listen, BooleanSupplier ready, Supplier<Health> health)
      throws IOException {
    watchJvm();
    server = HttpServer.create(listen, 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/health", exchange -> answer(exchange, 200, JSON, health.get().json()));
    server.createContext("/ready", exchange -> answerReady(exchange, ready.getAsBoolean()));
    server.createContext(
        "/metrics", exchange -> answer(exchange, 200, PROMETHEUS_TEXT, registry.scrape()));
    server.start();
  }

  void watch(
      PolicyBook policies,
      BytesInFlight bytesInFlight,
      UsageReporter usage,
      SegmentCache segments) {
    Gauge.builder("mantle_policy_tenants", () -> policies.current().size())
        .description("Tenants whose policy this server holds")
        .register(registry);
    Gauge.builder("mantle_policy_tenants_outdated", () -> policies.current().outdatedCount())
        .description("Tenants whose latest policy this server refused, and that have an older one")
        .register(registry);
    Gauge.builder(
            "mantle_control_plane_connected", () -> policies.freshness().isConnected() ? 1 : 0)
        .description("Whether this server is connected to a control plane")
        .register(registry);
    Gauge.builder(
            "mantle_policy_age_seconds",
            () -> Duration.between(policies.freshness().asOf(), Instant.now()).toSeconds())
        .description("How long ago the policies were known to be what the database says")
        .register(registry);
    Gauge.builder("mantle_bytes_in_flight", bytesInFlight::taken)
        .description("Request bodies that are worked on")
        .register(registry);
    Gauge.builder("mantle_usage_rows_dropped", usage::dropped)
        .description("Usage records given up since the start")
        .register(registry);
    Gauge.builder("mantle_usage_spool_bytes", usage::spoolBytes)
        .description("Usage on disk that waits for the control plane")
        .register(registry);
    FunctionCounter.builder("mantle_segment_cache_hits", segments, SegmentCache::hits)
        .description("Texts whose spans were remembered")
        .register(registry);
    FunctionCounter.builder("mantle_segment_cache_misses", segments, SegmentCache::misses)
        .description("Texts that were searched")
        .register(registry);
    Gauge.builder("mantle_segment_cache_bytes", segments::bytes)
        .description("Memory of the cache of spans")
        .register(registry);
  }

  /** Answers whose ids could not be kept: what follows them restores nothing of them. */
  void watch(ConversationMemory memory) {
    FunctionCounter.builder(
            "mantle_vault_answers_not_kept", memory, ConversationMemory::answersNotKept)
        .description("Stored answers whose id was not kept")
        .register(registry);
  }

  /** Exchanges that were to be recorded and are not. */
  void watch(ExchangeRecorder recorder) {
    FunctionCounter.builder("mantle_exchange_records_dropped", recorder, ExchangeRecorder::dropped)
        .description("Records of exchanges that were lost")
        .register(registry);
  }

  /** The vault: whether it answers, what it did, and the calls that failed, by the reason. */
  void watch(Vault vault) {
    Gauge.builder("mantle_vault_available", () -> vault.isAvailable() ? 1 : 0)
        .description("Whether the vault answers")
        .register(registry);
    Gauge.builder("mantle_vault_memory_bytes", vault::memoryBytes)
        .description("Memory of a vault that is in this process")
        .register(registry);
    VaultCounts counts = vault.counts();
    FunctionCounter.builder("mantle_vault_conversations_opened", counts, VaultCounts::opened)
        .description("Conversations looked up or begun")
        .register(registry);
    FunctionCounter.builder("mantle_vault_surrogates_kept", counts, VaultCounts::surrogatesKept)
        .description("Surrogates stored for a later turn")
        .register(registry);
    FunctionCounter.builder("mantle_vault_keys_destroyed", counts, VaultCounts::keysDestroyed)
        .description("Keys destroyed by deletions and erasures")
        .register(registry);
    for (VaultException.Reason reason : VaultException.Reason.values()) {
      FunctionCounter.builder("mantle_vault_failures", counts, all -> all.failed(reason))
          .tag("reason", reason.name())
          .description("Calls of the vault that failed")
          .register(registry);
    }
  }

  /** The limits: whether they are shared, who was let in, and who was refused by which. */
  void watch(Limiter limiter) {
    Gauge.builder("mantle_limits_shared", () -> limiter.isShared() ? 1 : 0)
        .description("Whether limits are counted together with other servers now")
        .register(registry);
    LimitCounts counts = limiter.counts();
    FunctionCounter.builder("mantle_limits_admitted", counts, LimitCounts::admitted)
        .description("Requests that limits let in")
        .register(registry);
    FunctionCounter.builder("mantle_limits_judged_alone", counts, LimitCounts::withoutShared)
        .description("Requests judged by this server's own share, though limits are shared")
        .register(registry);
    for (Verdict.Reason reason : Verdict.Reason.values()) {
      FunctionCounter.builder("mantle_limits_refused", counts, all -> all.refused(reason))
          .tag("reason", reason.name())
          .description("Requests that limits refused")
          .register(registry);
    }
  }

  /** The deep tier's work, and the texts for which it gave no answer, by the reason. */
  void watch(DeepTier deep) {
    FunctionCounter.builder("mantle_deep_windows", deep, DeepTier::windowsRead)
        .description("Windows of text that the deep tier read")
        .register(registry);
    for (DeepTierException.Reason reason : DeepTierException.Reason.values()) {
      FunctionCounter.builder("mantle_deep_refusals", deep, tier -> tier.overruns(reason))
          .tag("reason", reason.name())
          .description("Texts for which the deep tier gave no answer")
          .register(registry);
    }
  }

  /** What counts exchanges. */
  ExchangeMeters exchanges(boolean byTenant) {
    return new ExchangeMeters(registry, byTenant);
  }

  /**
   * Memory, collections, threads and processor time, under the names that Micrometer gives them.
   */
  private void watchJvm() {
    List.<MeterBinder>of(
            collections,
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics())
        .forEach(meters -> meters.bindTo(registry));
  }

  private static void answerReady(HttpExchange exchange, boolean ready) throws IOException {
    answer(exchange, ready ? 200 : 503, JSON, "{\"ready\":" + ready + "}");
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    collections.close();
    registry.close();
  }
}
