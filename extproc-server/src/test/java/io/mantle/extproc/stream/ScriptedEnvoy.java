package io.mantle.extproc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpTrailers;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.mantle.extproc.limit.LimitSettings;
import io.mantle.extproc.limit.Limiter;
import io.mantle.extproc.request.RequestPipeline;
import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Tenants;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.tokens.ModelFamily;
import io.mantle.extproc.tokens.Tokenizers;
import io.mantle.extproc.usage.UsageBooks;
import io.mantle.extproc.value.ExchangeReport;
import io.mantle.extproc.value.SentRequest;
import io.mantle.extproc.value.UsageRecord;
import io.mantle.privacy.PrivacyEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server as it is in production, on loopback, and the Envoy that talks to it. */
final class ScriptedEnvoy implements AutoCloseable {
  private static final long WAIT_SECONDS = 10;

  /** Made once for all tests. */
  private static final Tokenizers TOKENIZERS = tokenizers();

  final BytesInFlight bytesInFlight;
  private final BlockingQueue<UsageRecord> books = new LinkedBlockingQueue<>();
  private final List<UsageRecord> opened = new CopyOnWriteArrayList<>();

  /** Tenants of which what was said is reported. */
  final Set<String> content = ConcurrentHashMap.newKeySet();

  /** What is handed on for the record. */
  final List<SentRequest> recorded = new CopyOnWriteArrayList<>();

  private final BlockingQueue<ExchangeReport> reports = new LinkedBlockingQueue<>();
  private final HeavyWork heavyWork = new HeavyWork(1);
  private final Server server;
  private final ManagedChannel channel;

  private ScriptedEnvoy(
      PrivacyEngine engine, long bytesInFlightMax, Limiter limiter, TenantPolicy... tenants)
      throws IOException {
    RequestPipeline requests = Gateway.requests(engine, tenants);
    bytesInFlight = new BytesInFlight(bytesInFlightMax);
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .maxInboundMessageSize(64 << 20)
            .addService(
                new ExternalProcessor(
                    requests,
                    heavyWork,
                    bytesInFlight,
                    limiter,
                    TOKENIZERS,
                    new Books(),
                    new Observer(reports::add, true, content::contains, recorded::add)))
            .build()
            .start();
    channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
            .usePlaintext()
            .build();
  }

  private static Tokenizers tokenizers() {
    Tokenizers tokenizers = new Tokenizers();
    tokenizers.load(ModelFamily.UNKNOWN);
    return tokenizers;
  }

  /** Keeps what it is told. */
  private final class Books implements UsageBooks {
    @Override
    public void opened(UsageRecord soFar) {
      opened.add(soFar);
    }

    @Override
    public void closed(UsageRecord record) {
      books.add(record);
    }
  }

  /** What was said of exchanges before their requests left. */
  List<UsageRecord> openedNow() {
    return List.copyOf(opened);
  }

  /** The next row of the books, which is there already. */
  UsageRecord rowNow() {
    return books.remove();
  }

  static ScriptedEnvoy start() throws IOException {
    return start(Gateway.engine(), 64 << 20);
  }

  static ScriptedEnvoy start(PrivacyEngine engine, long bytesInFlightMax, TenantPolicy... tenants)
      throws IOException {
    Limiter alone = new LimitSettings(Optional.empty(), Duration.ofSeconds(1), 1).open();
    return new ScriptedEnvoy(engine, bytesInFlightMax, alone, tenants);
  }

  static ScriptedEnvoy start(PrivacyEngine engine, Limiter limiter, TenantPolicy... tenants)
      throws IOException {
    return new ScriptedEnvoy(engine, 64 << 20, limiter, tenants);
  }

  Stream open() {
    return new Stream();
  }

  /** The next row of the books. */
  UsageRecord row() throws InterruptedException {
    UsageRecord row = books.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (row == null) {
      throw new AssertionError("no usage row came");
    }
    return row;
  }

  /** What metrics and traces are told next. */
  ExchangeReport report() throws InterruptedException {
    ExchangeReport report = reports.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (report == null) {
      throw new AssertionError("no exchange was reported");
    }
    return report;
  }

  /** Checks that no further row comes and that all bytes were given back. */
  void assertSettled() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (bytesInFlight.taken() != 0 && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    assertThat(bytesInFlight.taken()).as("bytes in flight").isZero();
    assertThat(books.poll(20, TimeUnit.MILLISECONDS)).as("a further usage row").isNull();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    heavyWork.close();
  }

  /** One HTTP exchange, seen from Envoy. */
  final class Stream {
    private final ClientCall<ProcessingRequest, ProcessingResponse> call =
        channel.newCall(ExternalProcessorGrpc.getProcessMethod(), CallOptions.DEFAULT);
    private final BlockingQueue<ProcessingResponse> answers = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> ended = new CompletableFuture<>();

    private Stream() {
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onMessage(ProcessingResponse message) {
              answers.add(message);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              ended.complete(status);
            }
          },
          new Metadata());
      call.request(1_000);
    }

    Stream requestHeaders(String... more) {
      return requestHeadersOf("/v1/chat/completions?debug=1", more);
    }

    Stream requestHeadersOf(String path, String... more) {
      HeaderMap.Builder headers = HeaderMap.newBuilder();
      add(headers, ":method", "POST");
      add(headers, ":path", path);
      add(headers, ":authority", "gateway");
      if (!List.of(more).contains("x-api-key")) {
        add(headers, "authorization", "Bearer " + Tenants.KEY);
      }
      add(headers, "content-type", "application/json");
      for (int i = 0; i < more.length; i += 2) {
        add(headers, more[i], more[i + 1]);
      }
      return send(
          ProcessingRequest.newBuilder()
              .setRequestHeaders(HttpHeaders.newBuilder().setHeaders(headers))
              .build());
    }

    Stream get(String path) {
      HeaderMap.Builder headers = HeaderMap.newBuilder();
      add(headers, ":method", "GET");
      add(headers, ":path", path);
      add(headers, "authorization", "Bearer " + Tenants.KEY);
      return send(
          ProcessingRequest.newBuilder()
              .setRequestHeaders(HttpHeaders.newBuilder().setHeaders(headers).setEndOfStream(true))
              .build());
    }

    Stream requestBody(String body) {
      return requestBody(body, true);
    }

    Stream requestBody(String body, boolean end) {
      return send(ProcessingRequest.newBuilder().setRequestBody(body(body, end)).build());
    }

    Stream requestTrailers() {
      return send(
          ProcessingRequest.newBuilder()
              .setRequestTrailers(HttpTrailers.getDefaultInstance())
              .build());
    }

    Stream responseHeaders(String status, String contentType, boolean end) {
      return responseHeaders(status, contentType, end, "via_upstream");
    }

    /** As that, with what Envoy says of the answer's origin. */
    Stream responseHeaders(String status, String contentType, boolean end, String details) {
      HeaderMap.Builder headers = HeaderMap.newBuilder();
      add(headers, ":status", status);
      add(headers, "content-type", contentType);
      add(headers, "set-cookie", "a=b");
      return send(
          ProcessingRequest.newBuilder()
              .setResponseHeaders(HttpHeaders.newBuilder().setHeaders(headers).setEndOfStream(end))
              .putAttributes(
                  "envoy.filters.http.ext_proc",
                  Struct.newBuilder()
                      .putFields(
                          "response.code_details",
                          Value.newBuilder().setStringValue(details).build())
                      .build())
              .build());
    }

    Stream responseBody(String body, boolean end) {
      return send(ProcessingRequest.newBuilder().setResponseBody(body(body, end)).build());
    }

    Stream responseTrailers() {
      return send(
          ProcessingRequest.newBuilder()
              .setResponseTrailers(HttpTrailers.getDefaultInstance())
              .build());
    }

    Stream send(ProcessingRequest message) {
      call.sendMessage(message);
      return this;
    }

    void halfClose() {
      call.halfClose();
    }

    void cancel() {
      call.cancel("the client left", null);
    }

    ProcessingResponse next() throws InterruptedException {
      ProcessingResponse answer = answers.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        throw new AssertionError("no answer came; the call ended: " + ended.getNow(null));
      }
      return answer;
    }

    /** An answer that came by now, or null. */
    @Nullable ProcessingResponse nextIfAny() throws InterruptedException {
      return answers.poll(50, TimeUnit.MILLISECONDS);
    }

    /** How the server ended the call. */
    Status end() throws Exception {
      return ended.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private static HttpBody.Builder body(String body, boolean end) {
      return HttpBody.newBuilder().setBody(ByteString.copyFromUtf8(body)).setEndOfStream(end);
    }

    private static void add(HeaderMap.Builder headers, String name, String value) {
      headers.addHeaders(
          HeaderValue.newBuilder()
              .setKey(name)
              .setRawValue(ByteString.copyFrom(value, StandardCharsets.UTF_8)));
    }
  }
}
