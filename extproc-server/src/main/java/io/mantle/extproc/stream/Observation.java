package io.mantle.extproc.stream;

import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.request.Admission.Admitted;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Departure;
import io.mantle.extproc.value.ExchangeReport;
import io.mantle.extproc.value.ExchangeReport.Content;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.SentRequest;
import io.mantle.extproc.value.Stage;
import io.mantle.extproc.value.TraceContext;
import io.mantle.extproc.value.Trail;
import io.mantle.extproc.value.UsageRecord;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Notes of one exchange what metrics, traces and the {@code server-timing} header say of it. Used
 * under the exchange's lock.
 */
final class Observation {
  private static final Stage[] STAGES = Stage.values();

  private final Observer observer;
  private final Instant startedAt = Instant.now();
  private final long startedNanos = System.nanoTime();

  private String requestId = "";
  private TraceContext trace = TraceContext.NONE;
  private String refusal = "";
  private long receivedNanos;
  private long departedNanos;
  private long answeredNanos;
  private long firstSentNanos;
  private long heldBytesMax;
  private byte @Nullable [] sent;
  private final ByteArrayOutputStream answered = new ByteArrayOutputStream(0);

  Observation(Observer observer) {
    this.observer = observer;
  }

  /** Its head is there. */
  void begin(String id, @Nullable String traceparent) {
    requestId = id;
    trace = TraceContext.parse(traceparent);
    if (trace.isNone() && observer.traces()) {
      trace = TraceContext.begun();
    }
    received();
  }

  /** Names it to whatever this thread logs, until {@link LogIds#clear}. */
  void nameInLog() {
    LogIds.put(requestId, trace.traceId());
  }

  /** What Envoy's access log says of it. */
  LogNote note(@Nullable Endpoint asked) {
    return new LogNote(requestId, trace.traceId(), asked);
  }

  /** More of the request is there. */
  void received() {
    receivedNanos = System.nanoTime();
  }

  /** The request has left; what it says is kept where its tenant wants that, and it is masked. */
  void departed(Departure departure, Admitted admitted) {
    departedNanos = System.nanoTime();
    TenantPolicy.Privacy privacy = admitted.tenant().privacy();
    if (privacy.detectOnly()) {
      return;
    }
    if (privacy.recordExchanges()) {
      observer
          .sent()
          .accept(
              new SentRequest(
                  departure.tenantId(),
                  requestId,
                  startedAt,
                  departure.call().asked(),
                  admitted.endpoint().path(),
                  departure.body()));
    }
    if (privacy.traceContent() && observer.content().test(departure.tenantId())) {
      byte[] body = departure.body();
      sent = body.length <= Content.BYTES_MAX ? body : new byte[0];
    }
  }

  /** A piece of the answer is there; a whole answer is only worth anything with its last. */
  void answered(byte[] piece, boolean streamed) {
    if (sent != null) {
      answered.write(piece, 0, Math.min(piece.length, Content.BYTES_MAX - answered.size()));
    }
    if (answeredNanos == 0 || !streamed) {
      answeredNanos = System.nanoTime();
    }
  }

  void held(long bytes) {
    heldBytesMax = Math.max(heldBytesMax, bytes);
  }

  void sent() {
    if (firstSentNanos == 0) {
      firstSentNanos = System.nanoTime();
    }
  }

  void refused(Refusal by) {
    refusal = by.code();
  }

  /** Envoy did, after the request had left here. */
  void refusedByEnvoy(int status) {
    refusal = status == 429 ? "rate_limit_exceeded" : "unavailable";
  }

  /** What took how long until now: each stage, all of Mantle before the departure, the provider. */
  Header serverTiming(Trail trail) {
    StringBuilder timing = new StringBuilder(128);
    for (Stage stage : STAGES) {
      if (trail.has(stage)) {
        append(timing, stage.label(), trail.workedNanos(stage)).append(", ");
      }
    }
    append(timing, "mantle", departedNanos - receivedNanos).append(", ");
    long answering = System.nanoTime() - departedNanos - trail.workedNanos(Stage.REHYDRATE);
    append(timing, "provider", answering);
    return new Header("server-timing", timing.toString());
  }

  /** In milliseconds, to the hundredth. */
  private static StringBuilder append(StringBuilder timing, String name, long nanos) {
    long hundredths = Math.max(0, nanos) / 10_000;
    return timing
        .append(name)
        .append(";dur=")
        .append(hundredths / 100)
        .append('.')
        .append(hundredths / 10 % 10)
        .append(hundredths % 10);
  }

  /** It is over; of nobody who was let in, it is only told if it was refused. */
  void over(@Nullable UsageRecord usage, Trail trail) {
    if (usage != null || !refusal.isEmpty()) {
      observer
          .reports()
          .accept(
              new ExchangeReport(
                  requestId,
                  trace,
                  usage,
                  refusal,
                  trail,
                  new ExchangeReport.Moments(
                      startedAt,
                      startedNanos,
                      receivedNanos,
                      departedNanos,
                      answeredNanos,
                      firstSentNanos,
                      System.nanoTime()),
                  heldBytesMax,
                  sent == null ? null : new Content(sent, answered.toByteArray())));
    }
  }
}
