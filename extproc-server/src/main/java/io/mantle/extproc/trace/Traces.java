package io.mantle.extproc.trace;

import io.mantle.extproc.value.ExchangeReport;
import io.mantle.extproc.value.Outcome;
import io.mantle.extproc.value.Stage;
import io.mantle.extproc.value.TokenCounts;
import io.mantle.extproc.value.TraceContext;
import io.mantle.extproc.value.Trail;
import io.mantle.extproc.value.UsageRecord;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes spans of exchanges that are over: one for the exchange, below it one for each stage, and
 * one for the call of the model by OpenTelemetry's conventions for generative AI. A collector that
 * is away costs spans and nothing else: as many as {@link #SPANS_WAITING_MAX} wait, the rest is
 * dropped. Thread-safe.
 */
public final class Traces implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Traces.class);
  private static final int SPANS_WAITING_MAX = 8_192;

  /** About 0.5 MB: the JDK's HTTP client takes more CPU for a message than for its spans. */
  private static final int BATCH_SPANS_MAX = 2_048;

  private static final int BATCH_SPANS_MAX_WITH_CONTENT = 512;
  private static final int REPORTS_WAITING_MAX = 1_024;

  /** For this long reports gather: to wake a thread for each takes more CPU than its spans. */
  private static final long GATHER_MILLIS = 20;

  /** How often it looks whether it is closed where nothing comes. */
  private static final long LOOK_MILLIS = 100;

  private static final int MODEL_CHARS_MAX = 200;
  private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(10);
  private static final long CLOSE_SECONDS_MAX = 3;

  /** The id of a trace that begins here, which the log has named already. */
  private static final ScopedValue<String> TRACE_ID = ScopedValue.newInstance();

  private final BlockingQueue<ExchangeReport> reports =
      new ArrayBlockingQueue<>(REPORTS_WAITING_MAX);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final SdkTracerProvider provider;
  private final Tracer tracer;
  private final Thread worker;

  private Traces(SdkTracerProvider provider) {
    this.provider = provider;
    this.tracer = provider.get("io.mantle.extproc");
    this.worker = Thread.ofPlatform().daemon().name("traces").start(this::work);
  }

  /** Starts to send; null where nobody is to get any. */
  public static @Nullable Traces open(TraceSettings settings, String nodeId) {
    URI endpoint = settings.endpoint().orElse(null);
    if (endpoint == null) {
      return null;
    }
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint + "/v1/traces")
            .setCompression(settings.compression())
            .setTimeout(EXPORT_TIMEOUT);
    settings.headers().forEach(exporter::addHeader);
    return new Traces(
        SdkTracerProvider.builder()
            .setResource(
                Resource.create(
                    Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "mantle-extproc",
                        AttributeKey.stringKey("service.instance.id"),
                        nodeId)))
            .setIdGenerator(new Ids())
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.ratio())))
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter.build())
                    .setMaxQueueSize(SPANS_WAITING_MAX)
                    .setMaxExportBatchSize(
                        settings.contentTenants().isEmpty()
                            ? BATCH_SPANS_MAX
                            : BATCH_SPANS_MAX_WITH_CONTENT)
                    .setScheduleDelay(Duration.ofSeconds(1))
                    .build())
            .build());
  }

  private static final class Ids implements IdGenerator {
    private static final IdGenerator RANDOM = IdGenerator.random();

    @Override
    public String generateSpanId() {
      return RANDOM.generateSpanId();
    }

    @Override
    public String generateTraceId() {
      return TRACE_ID.isBound() ? TRACE_ID.get() : RANDOM.generateTraceId();
    }
  }

  /** Takes a report; the work on it is done on a thread of its own. */
  public void tell(ExchangeReport report) {
    var _ = reports.offer(report); // too many wait: a trace is lost, and an exchange is not
  }

  private void work() {
    List<ExchangeReport> gathered = new ArrayList<>();
    try {
      boolean last = false;
      while (!last) {
        ExchangeReport first = reports.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        last = closing.await(first == null ? 0 : GATHER_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          gathered.add(first);
        }
        reports.drainTo(gathered);
        for (ExchangeReport report : gathered) {
          try {
            make(report);
          } catch (RuntimeException e) {
            log.warn("a trace could not be made: {}", e.getClass().getSimpleName());
          }
        }
        gathered.clear();
      }
    } catch (InterruptedException e) {
      // closed: what waits is lost
    }
  }

  private void make(ExchangeReport report) {
    UsageRecord usage = report.usage();
    ExchangeReport.Moments moments = report.moments();
    Span exchange = begun(report, usage == null ? "refused" : usage.endpoint());
    exchange.setAttribute("mantle.request.id", report.requestId());
    if (!report.refusal().isEmpty()) {
      exchange.setAttribute("error.type", report.refusal());
      exchange.setStatus(StatusCode.ERROR);
    }
    if (usage != null && exchange.isRecording()) {
      describe(exchange, usage, report.trail());
      Context within = Context.root().with(exchange);
      stages(within, report);
      if (moments.departedNanos() != 0) {
        model(within, report, usage);
      }
    }
    exchange.end(moments.at(moments.endedNanos()));
  }

  private Span begun(ExchangeReport report, String name) {
    ExchangeReport.Moments moments = report.moments();
    TraceContext trace = report.trace();
    SpanBuilder builder =
        tracer
            .spanBuilder(name)
            .setSpanKind(SpanKind.SERVER)
            .setStartTimestamp(moments.startedAt());
    if (trace.isNone()) {
      return builder.setNoParent().startSpan();
    }
    if (trace.parentSpanId().isEmpty()) {
      return ScopedValue.where(TRACE_ID, trace.traceId())
          .call(() -> builder.setNoParent().startSpan());
    }
    SpanContext client =
        SpanContext.createFromRemoteParent(
            trace.traceId(),
            trace.parentSpanId(),
            trace.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
            TraceState.getDefault());
    return builder.setParent(Context.root().with(Span.wrap(client))).startSpan();
  }

  private static void describe(Span exchange, UsageRecord usage, Trail trail) {
    exchange.setAttribute("http.route", usage.endpoint());
    if (usage.status() > 0) {
      exchange.setAttribute("http.response.status_code", usage.status());
    }
    exchange.setAttribute("mantle.tenant.id", usage.caller().tenantId());
    exchange.setAttribute("mantle.key.id", usage.caller().keyId());
    exchange.setAttribute("mantle.policy.version", usage.caller().policyVersion());
    exchange.setAttribute("mantle.outcome", usage.outcome().name());
    for (Trail.Found found : trail.found()) {
      exchange.setAttribute("mantle.entities." + found.type(), found.count());
    }
    usage
        .worked()
        .restored()
        .forEach(
            (strategy, count) ->
                exchange.setAttribute("mantle.restored." + strategy.name(), count));
    if (usage.outcome() == Outcome.BROKEN || usage.outcome() == Outcome.PROVIDER_ERROR) {
      exchange.setStatus(StatusCode.ERROR);
    }
  }

  private void stages(Context within, ExchangeReport report) {
    Trail trail = report.trail();
    for (Stage stage : Stage.values()) {
      if (trail.has(stage)) {
        tracer
            .spanBuilder("mantle." + stage.label())
            .setParent(within)
            .setStartTimestamp(report.moments().at(trail.firstAtNanos(stage)))
            .setAttribute("mantle.worked_micros", trail.workedNanos(stage) / 1_000)
            .startSpan()
            .end(report.moments().at(trail.lastAtNanos(stage)));
      }
    }
  }

  private void model(Context within, ExchangeReport report, UsageRecord usage) {
    ExchangeReport.Moments moments = report.moments();
    String model = usage.asked().model();
    String shown = model.substring(0, Math.min(model.length(), MODEL_CHARS_MAX));
    String operation = operation(usage.endpoint());
    Span call =
        tracer
            .spanBuilder(shown.isEmpty() ? operation : operation + " " + shown)
            .setSpanKind(SpanKind.CLIENT)
            .setParent(within)
            .setStartTimestamp(moments.at(moments.departedNanos()))
            .setAttribute("gen_ai.operation.name", operation)
            .setAttribute("gen_ai.provider.name", provider(usage.endpoint()))
            .setAttribute("mantle.provider.name", usage.asked().providerName())
            .startSpan();
    address(call, usage.asked().endpoint());
    if (!shown.isEmpty()) {
      call.setAttribute("gen_ai.request.model", shown);
      call.setAttribute("gen_ai.request.stream", usage.asked().streamed());
    }
    TokenCounts tokens = usage.tokens();
    if (tokens != null) {
      call.setAttribute("gen_ai.usage.input_tokens", tokens.prompt());
      call.setAttribute("gen_ai.usage.output_tokens", tokens.completion());
      call.setAttribute("gen_ai.usage.cache_read.input_tokens", tokens.cached());
      call.setAttribute("mantle.usage.estimated", tokens.estimated());
    }
    ExchangeReport.Content content = report.content();
    if (content != null && call.isRecording()) {
      call.setAttribute("gen_ai.input.messages", SpokenTexts.input(content.sent()));
      call.setAttribute("gen_ai.output.messages", SpokenTexts.output(content.answered()));
    }
    if (usage.times().firstByte() != null) {
      call.addEvent("first byte", moments.at(moments.answeredNanos()));
    }
    if (usage.outcome() == Outcome.PROVIDER_ERROR) {
      call.setAttribute("error.type", Integer.toString(usage.status()));
      call.setStatus(StatusCode.ERROR);
    }
    call.end(moments.at(moments.endedNanos()));
  }

  /** Where the provider is; only the two parts that the conventions ask for. */
  private static void address(Span call, String endpoint) {
    try {
      URI at = URI.create(endpoint);
      String host = at.getHost();
      if (host != null) {
        call.setAttribute("server.address", host.replaceAll("[\\[\\]]", ""));
        if (at.getPort() >= 0) {
          call.setAttribute("server.port", at.getPort());
        }
      }
    } catch (IllegalArgumentException e) {
      // a name that is none: the span does without
    }
  }

  /** As the conventions name it, where they do. */
  private static String operation(String endpoint) {
    return switch (endpoint) {
      case "/v1/chat/completions", "/v1/messages", "/v1/responses" -> "chat";
      case "/v1/completions" -> "text_completion";
      case "/v1/embeddings" -> "embeddings";
      case "/v1/messages/count_tokens" -> "count_tokens";
      default -> "stored_response";
    };
  }

  private static String provider(String endpoint) {
    return endpoint.startsWith("/v1/messages") ? "anthropic" : "openai";
  }

  /** Sends what waits, within a bounded time. */
  @Override
  public void close() {
    closing.countDown();
    try {
      if (!worker.join(Duration.ofSeconds(CLOSE_SECONDS_MAX))) {
        worker.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var _ = provider.shutdown().join(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
  }
}
