package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a provider receives, what its failures look like to a client, and what the books say. */
@ExtendWith(SharedStack.class)
final class UpstreamIT {
  private static final Duration BOOKED_MAX = Duration.ofSeconds(5);

  private final GatewayStack gateway;

  UpstreamIT(GatewayStack gateway) {
    this.gateway = gateway;
  }

  @Test
  void request_withAllThatClientsSend_reachesTheProviderBare() throws Exception {
    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi")));
    String body = Chat.saying("hello");

    byte[] request =
        RawClient.request(
            "POST",
            "/v1/chat/completions?api-version=1&secret=query",
            GatewayStack.KEY,
            body.getBytes(StandardCharsets.UTF_8),
            "cookie: session=1",
            "user-agent: OpenAI/Python 1.0",
            "x-request-id: client-7",
            "x-forwarded-for: 9.9.9.9",
            "x-forwarded-host: zzz",
            "x-forwarded-proto: https",
            "forwarded: for=9.9.9.9",
            "via: 1.1 proxy",
            "x-real-ip: 9.9.9.9",
            "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "tracestate: a=b",
            "baggage: user=9",
            "openai-organization: org-9",
            "openai-project: proj-9",
            "x-stainless-os: Linux",
            "x-api-key: sk-other",
            "te: trailers",
            "accept: application/json",
            "accept-encoding: gzip",
            "accept-language: de",
            "referer: http://there",
            "origin: http://there",
            "x-privacy-gateway-conversation: c-1",
            "x-mantle-internal-tenant: other",
            "x-envoy-original-path: /secret");
    RawClient.Answer answer;
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.write(request);
      answer = client.answer();
    }

    assertThat(answer.status()).isEqualTo(200);
    ScriptedProvider.Received received = gateway.provider().next();
    assertThat(received.head()).startsWith("POST /v1/chat/completions HTTP/1.1\r\n");
    assertThat(received.headerNames())
        .containsExactlyInAnyOrder(
            "host", "content-type", "content-length", "accept", "authorization");
    assertThat(received.header("host")).isEqualTo("127.0.0.1:" + gateway.provider().port());
    assertThat(received.header("content-type")).isEqualTo("application/json");
    assertThat(received.header("accept")).isEqualTo("application/json");
    assertThat(received.header("authorization")).isEqualTo("Bearer " + GatewayStack.PROVIDER_KEY);
    assertThat(received.body()).isEqualTo(body);
    assertThat(gateway.provider().everyByte())
        .doesNotContain(GatewayStack.KEY, "secret", "client-7", "9.9.9.9", "org-9");
  }

  @Test
  void requestId_ofTheClientOrMade_isEchoed() throws Exception {
    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi")));

    RawClient.Answer named = gateway.chat(Chat.saying("hello"), "x-request-id: req-42");
    RawClient.Answer unnamed = gateway.chat(Chat.saying("hello"));
    RawClient.Answer hostile = gateway.chat(Chat.saying("hello"), "x-request-id: <script> {}");

    assertThat(named.header("x-request-id")).isEqualTo("req-42");
    assertThat(unnamed.header("x-request-id")).hasSizeGreaterThan(8);
    assertThat(hostile.header("x-request-id")).doesNotContain("script");
    assertThat(named.header("x-mantle-provider")).isEqualTo("demo");
    assertThat(named.headers()).doesNotContainKey("x-mantle-internal-local");
  }

  @Test
  void request_thatWaitsToBeToldToGoOn_isToldAndTheProviderIsNotAsked() throws Exception {
    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi")));

    RawClient.Answer answer = gateway.chat(Chat.saying("hello"), "expect: 100-continue");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(gateway.provider().next().headerNames()).doesNotContain("expect");
  }

  @Test
  void largeRequest_isMaskedAndRestoredLikeASmallOne() throws Exception {
    gateway
        .provider()
        .answers((request, wire) -> wire.json(200, Chat.answer(Chat.prompt(request.body()))));
    Canary canary = Canary.hatch();
    String prompt = "All is well. ".repeat(5_000) + canary.prompt();

    RawClient.Answer answer = gateway.chat(Chat.saying(prompt));

    assertThat(gateway.provider().everyByte())
        .doesNotContain(canary.traces().toArray(String[]::new));
    assertThat(Chat.content(answer.body())).isEqualTo(prompt);
  }

  @Test
  void usage_ofAWholeAnswer_isOneRow() throws Exception {
    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi")));
    Instant before = startBooks();

    gateway.chat(Chat.saying("Mail to jane.roe@nowhere.org please"));

    assertThat(booked(before))
        .isEqualTo("COMPLETED|200|f|11|7|gpt-test|{\"EMAIL\": 1}|/v1/chat/completions");
  }

  @Test
  void usage_ofAStream_isAskedForHiddenAndBooked() throws Exception {
    gateway
        .provider()
        .answers(
            (_, wire) -> {
              wire.beginEvents();
              wire.event(Chat.chunk("hi").replaceFirst("}$", ",\"usage\":null}"));
              wire.event(Chat.lastChunk());
              wire.event(Chat.usageChunk());
              wire.event("[DONE]");
              wire.end();
            });
    Instant before = startBooks();

    RawClient.Answer answer = gateway.chat(Chat.streaming("hello"));

    assertThat(gateway.provider().next().body()).contains("\"include_usage\":true");
    assertThat(answer.whole()).isTrue();
    assertThat(answer.body())
        .isEqualTo(
            "data: %s\n\ndata: %s\n\ndata: [DONE]\n\n"
                .formatted(Chat.chunk("hi"), Chat.lastChunk()));
    assertThat(booked(before)).isEqualTo("COMPLETED|200|t|11|7|gpt-test|{}|/v1/chat/completions");
  }

  @Test
  void usage_ofARefusedRequest_isOneRow() throws Exception {
    gateway.provider().answers((_, wire) -> wire.json(200, "{}"));
    Instant before = startBooks();

    RawClient.Answer answer = gateway.chat("{\"model\":\"gpt-test\",\"messages\":[}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(booked(before)).startsWith("REFUSED|400|");
  }

  @Test
  void usage_ofAProvidersError_isOneRowAndTheErrorPasses() throws Exception {
    String error =
        "{\"error\":{\"message\":\"slow down\",\"type\":\"x\",\"param\":null,\"code\":null}}";
    gateway.provider().answers((_, wire) -> wire.json(429, error));
    Instant before = startBooks();

    RawClient.Answer answer = gateway.chat(Chat.saying("hello"));

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.body()).isEqualTo(error);
    assertThat(booked(before)).startsWith("PROVIDER_ERROR|429|");
  }

  @Test
  void usage_ofAModelNameNoDatabaseStores_doesNotStopTheBooks() throws Exception {
    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi")));
    Instant before = startBooks();

    gateway.chat("{\"model\":\"a\\u0000b\\ud800\",\"messages\":[]}");
    gateway.chat(Chat.saying("hello"));

    Until.holds(BOOKED_MAX, "both are booked", () -> rowsSince(before).size() == 2);
  }

  @Test
  void client_goneInMidStream_cancelsTheProviderAndIsBooked() throws Exception {
    CompletableFuture<Boolean> left = new CompletableFuture<>();
    gateway
        .provider()
        .answers(
            (_, wire) -> {
              wire.beginEvents();
              wire.event(Chat.chunk("one"));
              left.complete(wire.isLeft(Duration.ofSeconds(10)));
            });
    Instant before = startBooks();

    byte[] body = Chat.streaming("hello").getBytes(StandardCharsets.UTF_8);
    try (RawClient client = RawClient.chat(gateway.port(), GatewayStack.KEY, body)) {
      assertThat(client.readHead()).isEqualTo(200);
      assertThat(client.readPiece()).isNotNull();
    }

    assertThat(left.get(10, TimeUnit.SECONDS)).as("the provider's connection ends").isTrue();
    assertThat(booked(before)).startsWith("CANCELLED|200|t|");
  }

  @Test
  void client_goneBeforeTheAnswer_cancelsTheProviderAndIsBooked() throws Exception {
    CompletableFuture<Boolean> left = new CompletableFuture<>();
    gateway.provider().answers((_, wire) -> left.complete(wire.isLeft(Duration.ofSeconds(10))));
    Instant before = startBooks();

    byte[] body = Chat.saying("hello").getBytes(StandardCharsets.UTF_8);
    try (RawClient _ = RawClient.chat(gateway.port(), GatewayStack.KEY, body)) {
      gateway.provider().next();
    }

    assertThat(left.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(booked(before)).startsWith("CANCELLED|0|");
  }

  @Test
  void provider_notAnswering_is504() throws Exception {
    gateway.provider().answers((_, wire) -> wire.isLeft(Duration.ofSeconds(10)));
    Instant before = startBooks();
    long start = System.nanoTime();

    RawClient.Answer answer = gateway.chat(Chat.saying("hello"), "x-request-id: late-1");

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(GatewayStack.FIRST_BYTE_MAX.minusMillis(100), Duration.ofSeconds(10));
    assertThat(answer.status()).isEqualTo(504);
    assertThat(Chat.isError(answer.body())).isTrue();
    assertThat(answer.header("x-request-id")).isEqualTo("late-1");
    assertThat(booked(before)).startsWith("PROVIDER_ERROR|504|").contains("gpt-test");
  }

  @Test
  void provider_closingBeforeItsAnswer_is5xxInShapeAndBookedAsItsError() throws Exception {
    gateway.provider().answers((_, wire) -> wire.reset());
    Instant before = startBooks();

    RawClient.Answer answer = gateway.chat(Chat.saying("hello"));

    assertThat(answer.status()).isBetween(502, 503);
    assertThat(Chat.isError(answer.body())).isTrue();
    assertThat(booked(before)).startsWith("PROVIDER_ERROR|503|");
  }

  @Test
  void provider_answeringWhatIsNotHttp_is502InShape() throws Exception {
    gateway
        .provider()
        .answers(
            (_, wire) -> wire.write("SSH-2.0-OpenSSH\r\n\r\n".getBytes(StandardCharsets.UTF_8)));

    RawClient.Answer answer = gateway.chat(Chat.saying("hello"));

    assertThat(answer.status()).isBetween(502, 503);
    assertThat(Chat.isError(answer.body())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void provider_closingInMidAnswer_isBrokenForTheClient(boolean streamed) throws Exception {
    gateway
        .provider()
        .answers(
            (request, wire) -> {
              String prompt = Chat.prompt(request.body());
              if (streamed) {
                wire.beginEvents();
                wire.event(Chat.chunk(prompt));
              } else {
                wire.begin(200, "application/json");
                wire.piece(Chat.answer(prompt).substring(0, 100));
              }
              wire.reset();
            });
    Canary canary = Canary.hatch();

    RawClient.Answer answer =
        gateway.chat(streamed ? Chat.streaming(canary.prompt()) : Chat.saying(canary.prompt()));

    if (answer.whole()) {
      assertThat(answer.status()).isGreaterThanOrEqualTo(500);
      assertThat(Chat.isError(answer.body())).as(answer.body()).isTrue();
    }
    assertThat(answer.body()).doesNotContain("[DONE]");
  }

  @Test
  void provider_thatCompresses_is502() throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(Chat.answer("hi").getBytes(StandardCharsets.UTF_8));
    }
    gateway
        .provider()
        .answers(
            (_, wire) ->
                wire.whole(
                    200, "application/json", zipped.toByteArray(), "content-encoding: gzip"));

    RawClient.Answer answer = gateway.chat(Chat.saying("hello"));

    assertThat(answer.status()).isEqualTo(502);
    assertThat(Chat.isError(answer.body())).isTrue();
    assertThat(answer.body()).contains("unsupported_answer_encoding");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-mantle-internal-local: 1",
        "X-Mantle-Internal-Local: 1",
        "x-mantle-internal-seen: 1",
        "x-envoy-immediate-health-check-fail: 1",
        "x-envoy-upstream-service-time: 1"
      })
  void provider_spoofingInternalHeaders_isRestoredAllTheSame(String header) throws Exception {
    gateway
        .provider()
        .answers(
            (request, wire) ->
                wire.whole(
                    200,
                    "application/json",
                    Chat.answer(Chat.prompt(request.body())).getBytes(StandardCharsets.UTF_8),
                    header));
    Canary canary = Canary.hatch();

    RawClient.Answer answer = gateway.chat(Chat.saying(canary.prompt()));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains(canary.prompt());
    assertThat(answer.headers().keySet())
        .noneMatch(name -> name.startsWith("x-mantle-internal") || name.startsWith("x-envoy"));
  }

  @Test
  void providersCookies_doNotReachTheClient() throws Exception {
    gateway
        .provider()
        .answers(
            (_, wire) ->
                wire.whole(
                    200,
                    "application/json",
                    Chat.answer("hi").getBytes(StandardCharsets.UTF_8),
                    "set-cookie: __cf_bm=1; path=/"));

    assertThat(gateway.chat(Chat.saying("hello")).headers()).doesNotContainKey("set-cookie");
  }

  @Test
  void provider_down_is503InShape() throws Exception {
    int deadPort;
    try (ScriptedProvider dead = ScriptedProvider.start()) {
      deadPort = dead.port();
    }
    String key = TestTenant.create(gateway, "dead-upstream", "http://127.0.0.1:" + deadPort);

    RawClient.Answer answer = gateway.chatAs(key, Chat.saying("hello"), "x-request-id: down-1");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(Chat.isError(answer.body())).isTrue();
    assertThat(answer.body()).doesNotContain(Integer.toString(deadPort));
    assertThat(answer.header("x-request-id")).isEqualTo("down-1");
  }

  private static final String ROW =
      "outcome, status, streamed, prompt_tokens, completion_tokens, model, entities, endpoint";

  /** From when rows count; those of exchanges before may still be on their way. */
  private static Instant startBooks() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private List<String> rowsSince(Instant start) throws Exception {
    return TestDatabase.query(
        gateway.database(),
        "SELECT " + ROW + " FROM usage WHERE started_at >= '" + start + "' ORDER BY started_at");
  }

  /** The one row since then, waited for. */
  private String booked(Instant before) throws Exception {
    Until.holds(BOOKED_MAX, "it is booked", () -> !rowsSince(before).isEmpty());
    assertThat(rowsSince(before)).hasSize(1);
    return rowsSince(before).getFirst();
  }
}
