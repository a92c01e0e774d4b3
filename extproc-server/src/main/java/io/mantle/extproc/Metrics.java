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

/**
 * {@code /health}, {@code /ready} and {@code /metrics}, on loopback. Labels are types and outcomes,
 * never a value or a tenant.
 */
final class Metrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HttpServer server;

  private final JvmGcMetrics collections = new JvmGcMetrics();

  Metrics(InetSocketAddress listen, BooleanSupplier ready) throws IOException {
    watchJvm();
    server = HttpServer.create(listen, 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/health", exchange -> answer(exchange, 200, "{\"status\":\"ok\"}"));
    server.createContext(
        "/ready",
        exchange ->
            answer(
                exchange,
                ready.getAsBoolean() ? 200 : 503,
                "{\"ready\":" + ready.getAsBoolean() + "}"));
    server.createContext("/metrics", exchange -> answer(exchange, 200, registry.scrape()));
    server.start();
  }

  void watch(
      PolicyBook policies,
      BytesInFlight bytesInFlight,
      UsageReporter usage,
      SegmentCache segments) {
    Gauge.builder("mantle_policy_tenants", () -> policies.current().size()).register(registry);
    Gauge.builder("mantle_policy_tenants_outdated", () -> policies.current().outdatedCount())
        .register(registry);
    Gauge.builder(
            "mantle_control_plane_connected", () -> policies.freshness().isConnected() ? 1 : 0)
        .register(registry);
    Gauge.builder(
            "mantle_policy_age_seconds",
            () -> Duration.between(policies.freshness().asOf(), Instant.now()).toSeconds())
        .register(registry);
    Gauge.builder("mantle_bytes_in_flight", bytesInFlight::taken).register(registry);
    Gauge.builder("mantle_usage_rows_dropped", usage::dropped).register(registry);
    Gauge.builder("mantle_usage_spool_bytes", usage::spoolBytes).register(registry);
    FunctionCounter.builder("mantle_segment_cache_hits", segments, SegmentCache::hits)
        .register(registry);
    FunctionCounter.builder("mantle_segment_cache_misses", segments, SegmentCache::misses)
        .register(registry);
    Gauge.builder("mantle_segment_cache_bytes", segments::bytes).register(registry);
  }

  /** Answers whose ids could not be kept: what follows them restores nothing of them. */
  void watch(ConversationMemory memory) {
    FunctionCounter.builder(
            "mantle_vault_answers_not_kept", memory, ConversationMemory::answersNotKept)
        .register(registry);
  }

  /** Exchanges that were to be recorded and are not. */
  void watch(ExchangeRecorder recorder) {
    FunctionCounter.builder("mantle_exchange_records_dropped", recorder, ExchangeRecorder::dropped)
        .register(registry);
  }

  /** The vault: whether it answers, what it did, and the calls that failed, by the reason. */
  void watch(Vault vault) {
    Gauge.builder("mantle_vault_available", () -> vault.isAvailable() ? 1 : 0).register(registry);
    Gauge.builder("mantle_vault_memory_bytes", vault::memoryBytes).register(registry);
    VaultCounts counts = vault.counts();
    FunctionCounter.builder("mantle_vault_conversations_opened", counts, VaultCounts::opened)
        .register(registry);
    FunctionCounter.builder("mantle_vault_surrogates_kept", counts, VaultCounts::surrogatesKept)
        .register(registry);
    FunctionCounter.builder("mantle_vault_keys_destroyed", counts, VaultCounts::keysDestroyed)
        .register(registry);
    for (VaultException.Reason reason : VaultException.Reason.values()) {
      FunctionCounter.builder("mantle_vault_failures", counts, all -> all.failed(reason))
          .tag("reason", reason.name())
          .register(registry);
    }
  }

  /** The limits: whether they are shared, who was let in, and who was refused by which. */
  void watch(Limiter limiter) {
    Gauge.builder("mantle_limits_shared", () -> limiter.isShared() ? 1 : 0).register(registry);
    LimitCounts counts = limiter.counts();
    FunctionCounter.builder("mantle_limits_admitted", counts, LimitCounts::admitted)
        .register(registry);
    FunctionCounter.builder("mantle_limits_judged_alone", counts, LimitCounts::withoutShared)
        .register(registry);
    for (Verdict.Reason reason : Verdict.Reason.values()) {
      FunctionCounter.builder("mantle_limits_refused", counts, all -> all.refused(reason))
          .tag("reason", reason.name())
          .register(registry);
    }
  }

  /** The deep tier's work, and the texts for which it gave no answer, by the reason. */
  void watch(DeepTier deep) {
    FunctionCounter.builder("mantle_deep_windows", deep, DeepTier::windowsRead).register(registry);
    for (DeepTierException.Reason reason : DeepTierException.Reason.values()) {
      FunctionCounter.builder("mantle_deep_refusals", deep, tier -> tier.overruns(reason))
          .tag("reason", reason.name())
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

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
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
