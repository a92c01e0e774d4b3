package io.mantle.extproc.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.Status;
import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.SpokenText;
import io.mantle.extproc.scripted.Tenants;
import io.mantle.extproc.stream.ScriptedEnvoy.Stream;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.Outcome;
import io.mantle.extproc.value.TokenCounts;
import io.mantle.extproc.value.UsageRecord;
import io.mantle.privacy.PrivacyEngine;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.surrogate.SurrogateMint;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

class ExchangeTest {
  private static final String CANARY = "canary.k7@corp.example";
  private static final String REQUEST =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Mail " + CANARY + "\"}]}";
  private static final String STREAMING = REQUEST.replace("\"m\",", "\"m\",\"stream\":true,");
  private static final String ANSWER =
      "{\"choices\":[{\"message\":{\"content\":\"Hi\"}}],"
          + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}";

  /** How far an exchange has come. */
  enum Phase {
    OPENED,
    ADMITTED,
    DEPARTED,
    WHOLE_ANSWER_BEGUN,
    STREAM_BEGUN,
    STREAM_WITHIN,
    REFUSED,
    ANSWERED
  }

  @Test
  void request_leaves_withNothingOfTheClients() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream =
          envoy.open().requestHeaders("cookie", "a=b", "x-request-id", "r-7", "host", "gateway");
      assertThat(stream.next().hasRequestHeaders()).isTrue();
      stream.requestBody(REQUEST);
      CommonResponse departure = stream.next().getRequestBody().getResponse();
      String body = departure.getBodyMutation().getBody().toStringUtf8();
      assertThat(body).startsWith("{\"model\":\"m\",").doesNotContain("canary");
      assertThat(departure.getClearRouteCache()).isTrue();
      assertThat(departure.getHeaderMutation().getRemoveHeadersList())
          .containsExactly("authorization", "content-type", "cookie", "x-request-id");
      assertThat(set(departure.getHeaderMutation().getSetHeadersList()))
          .containsExactly(
              Map.entry("content-type", "application/json"),
              Map.entry("accept", "*/*"),
              Map.entry("authorization", "Bearer upstream-credential"),
              Map.entry(":path", "/base/v1/chat/completions"),
              Map.entry("x-mantle-internal-tenant", "acme"),
              Map.entry("x-mantle-internal-rpm", "0"),
              Map.entry("x-mantle-internal-route", "http://demo:80"),
              Map.entry("content-length", Integer.toString(body.getBytes(UTF_8).length)));
      stream.cancel();
      envoy.row();
      envoy.assertSettled();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/messages/count_tokens | {\"input_tokens\":14}",
        "/v1/responses/resp_67ccd2bed1ec8190 | {\"id\":\"resp_67ccd2bed1ec8190\",\"output\":[],\"usage\":{\"input_tokens\":14,\"output_tokens\":3}}"
      })
  void exchange_thatCostsNothing_hasNoTokens_neitherToldNorEstimated(String path, String answer)
      throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      boolean reads = path.startsWith("/v1/responses/");
      Stream stream = reads ? envoy.open().get(path) : envoy.open().requestHeadersOf(path);
      stream.next();
      if (!reads) {
        stream.requestBody(REQUEST).next();
      }
      stream.responseHeaders("200", "application/json", false);
      stream.responseBody(answer, true);
      assertThat(envoy.row())
          .extracting(UsageRecord::outcome, UsageRecord::tokens)
          .containsExactly(Outcome.COMPLETED, null);
    }
  }

  @Test
  void request_withAlternatives_tellsEnvoyWhatEachAttemptNeedsAndNoHeaderDoes() throws Exception {
    try (ScriptedEnvoy envoy =
        ScriptedEnvoy.start(Gateway.engine(), 64 << 20, Tenants.chained(Tenants.acme()))) {
      Stream stream = envoy.open().requestHeaders();
      stream.next();
      stream.requestBody(REQUEST);
      ProcessingResponse departure = stream.next();

      assertThat(
              set(departure.getRequestBody().getResponse().getHeaderMutation().getSetHeadersList()))
          .doesNotContainKey("authorization")
          .containsEntry("x-mantle-internal-route", "http://demo:80,https://spare:443")
          .containsEntry("x-envoy-max-retries", "2")
          .containsEntry("x-envoy-upstream-rq-per-try-timeout-ms", "7000");
      Struct told = departure.getDynamicMetadata().getFieldsOrThrow("mantle").getStructValue();
      assertThat(told.getFieldsOrThrow("model_start").getNumberValue()).isEqualTo(9);
      assertThat(told.getFieldsOrThrow("model_end").getNumberValue()).isEqualTo(12);
      Struct second =
          told.getFieldsOrThrow("attempts").getListValue().getValues(1).getStructValue();
      assertThat(second.getFieldsMap())
          .containsEntry("endpoint", value("https://spare:443"))
          .containsEntry("path", value("/v1/chat/completions"))
          .containsEntry("credential_header", value("authorization"))
          .containsEntry("credential", value("Bearer spare-credential"))
          .containsEntry("model", value("\"spare-model\""));

      stream.send(
          ProcessingRequest.newBuilder()
              .setResponseHeaders(
                  HttpHeaders.newBuilder()
                      .setHeaders(
                          HeaderMap.newBuilder()
                              .addHeaders(
                                  HeaderValue.newBuilder().setKey(":status").setValue("204")))
                      .setEndOfStream(true))
              .putAttributes(
                  "ext_proc",
                  Struct.newBuilder()
                      .putFields(
                          "xds.upstream_host_metadata.filter_metadata['mantle']['attempt']",
                          value("1"))
                      .putFields(
                          "upstream.request_attempt_count",
                          Value.newBuilder().setNumberValue(2).build())
                      .build())
              .build());
      CommonResponse head = stream.next().getResponseHeaders().getResponse();
      assertThat(set(head.getHeaderMutation().getSetHeadersList()))
          .containsEntry("x-mantle-provider", "spare");
      assertThat(envoy.row().asked())
          .isEqualTo(new Call.Asked("prov-3", "spare", "https://spare:443", "m", false, 2));
    }
  }

  private static Value value(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  @Test
  void answer_whole_isHeldUntilItIsThere() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = at(Phase.DEPARTED, envoy);
      stream.responseHeaders("200", "application/json; charset=utf-8", false);
      stream.responseBody(ANSWER.substring(0, 20), false);
      assertThat(stream.nextIfAny()).isNull();
      stream.responseBody(ANSWER.substring(20), true);

      CommonResponse head = stream.next().getResponseHeaders().getResponse();
      assertThat(set(head.getHeaderMutation().getSetHeadersList()))
          .containsKeys("x-request-id", "x-mantle-conversation", "server-timing")
          .containsEntry("x-mantle-provider", "demo")
          .containsEntry("x-mantle-entities", "EMAIL=1");
      assertThat(head.getHeaderMutation().getRemoveHeadersList()).containsExactly("set-cookie");
      assertBody(stream.next(), ANSWER, ANSWER.length(), true);

      UsageRecord row = envoy.row();
      assertThat(row.outcome()).isEqualTo(Outcome.COMPLETED);
      assertThat(row.status()).isEqualTo(200);
      assertThat(row.tokens()).isEqualTo(new TokenCounts(3, 1));
      assertThat(row.found().entities()).isEqualTo(Map.of("EMAIL", 1));
      assertThat(row.caller().tenantId()).isEqualTo("acme");
      assertThat(row.times().firstByte()).isNotNull();
      stream.halfClose();
      assertThat(stream.end().isOk()).isTrue();
      envoy.assertSettled();
    }
  }

  @Test
  void answer_streamed_isPassedOnAndAccountedFor() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = at(Phase.DEPARTED, envoy);
      stream.responseHeaders("200", "text/event-stream", false);
      ProcessingResponse head = stream.next();
      assertThat(head.hasResponseHeaders()).isTrue();
      assertAccount(head, 0, false);

      String first = SpokenText.content(0, "Hé. ");
      stream.responseBody(first.substring(0, 9), false);
      assertThat(stream.nextIfAny()).isNull();
      stream.responseBody(first.substring(9), false);
      long sent = first.getBytes(UTF_8).length;
      assertBody(stream.next(), first, sent, false);

      String second = SpokenText.finish(0);
      stream.responseBody(second + "data: [DONE]", true);
      assertBody(stream.next(), second + "data: [DONE]", sent + second.length() + 12, true);
      assertThat(envoy.row().outcome()).isEqualTo(Outcome.COMPLETED);
      stream.halfClose();
      assertThat(stream.end().isOk()).isTrue();
      envoy.assertSettled();
    }
  }

  @Test
  void answer_endedByTrailers_isWhole() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = at(Phase.WHOLE_ANSWER_BEGUN, envoy);
      stream.responseBody(ANSWER, false).responseTrailers();
      assertThat(stream.next().hasResponseHeaders()).isTrue();
      assertBody(stream.next(), ANSWER, ANSWER.length(), false);
      ProcessingResponse trailers = stream.next();
      assertThat(trailers.hasResponseTrailers()).isTrue();
      assertAccount(trailers, ANSWER.length(), true);
      assertThat(envoy.row().outcome()).isEqualTo(Outcome.COMPLETED);
      stream.halfClose();
      assertThat(stream.end().isOk()).isTrue();
    }
  }

  @Test
  void answer_dataAfterItsEnd_isIgnored() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = at(Phase.ANSWERED, envoy);
      stream.responseBody("more", true).responseTrailers();
      assertThat(stream.nextIfAny()).isNull();
      envoy.row();
      envoy.assertSettled();
    }
  }

  @Test
  void answer_ofTheProvidersError_isBookedAsSuch() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = at(Phase.DEPARTED, envoy);
      stream.responseHeaders("429", "application/json", false).responseBody("{}", true);
      assertThat(stream.next().hasResponseHeaders()).isTrue();
      UsageRecord row = envoy.row();
      assertThat(row.outcome()).isEqualTo(Outcome.PROVIDER_ERROR);
      assertThat(row.status()).isEqualTo(429);
    }
  }

  @Test
  void answer_withoutBody_isWhole() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = at(Phase.DEPARTED, envoy);
      stream.responseHeaders("200", "application/json", true);
      assertThat(stream.next().hasResponseHeaders()).isTrue();
      assertThat(envoy.row().outcome()).isEqualTo(Outcome.COMPLETED);
      stream.halfClose();
      assertThat(stream.end().isOk()).isTrue();
    }
  }

  /** A clean end of the call would make Envoy let pass what was not worked on. */
  @ParameterizedTest
  @EnumSource(Phase.class)
  void halfClose_inAnyPhase_endsCleanlyOnlyOnceTheAnswerIsWhole(Phase phase) throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = at(phase, envoy);
      stream.halfClose();
      boolean whole =
          switch (phase) {
            case OPENED, ADMITTED, DEPARTED, WHOLE_ANSWER_BEGUN, STREAM_BEGUN, STREAM_WITHIN ->
                false;
            case REFUSED, ANSWERED -> true;
          };
      assertThat(stream.end().isOk()).isEqualTo(whole);
      assertOneRow(phase, envoy);
    }
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  void cancel_inAnyPhase_leavesOneRowAndNoBytes(Phase phase) throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = at(phase, envoy);
      stream.cancel();
      assertOneRow(phase, envoy);
    }
  }

  @Test
  void clientThatLeavesAfterTheLastEvent_hasTheWholeAnswer() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = at(Phase.STREAM_WITHIN, envoy);
      stream.responseBody("data: [DONE]\n\n", false);
      assertThat(stream.next().hasResponseBody()).isTrue();
      stream.cancel();
      assertThat(envoy.row())
          .extracting(UsageRecord::outcome, UsageRecord::status)
          .containsExactly(Outcome.COMPLETED, 200);
      envoy.assertSettled();
    }
  }

  private static void assertOneRow(Phase phase, ScriptedEnvoy envoy) throws Exception {
    switch (phase) {
      case OPENED -> {}
      case ADMITTED, DEPARTED ->
          assertThat(envoy.row())
              .extracting(UsageRecord::outcome, UsageRecord::status)
              .containsExactly(Outcome.CANCELLED, 0);
      case WHOLE_ANSWER_BEGUN, STREAM_BEGUN, STREAM_WITHIN ->
          assertThat(envoy.row())
              .extracting(UsageRecord::outcome, UsageRecord::status)
              .containsExactly(Outcome.CANCELLED, 200);
      case REFUSED ->
          assertThat(envoy.row())
              .extracting(UsageRecord::outcome, UsageRecord::status)
              .containsExactly(Outcome.REFUSED, 400);
      case ANSWERED -> assertThat(envoy.row().outcome()).isEqualTo(Outcome.COMPLETED);
    }
    envoy.assertSettled();
  }

  @ParameterizedTest
  @CsvSource({
    "OPENED, request body, 500",
    "OPENED, request trailers, 500",
    "OPENED, response headers, 500",
    "OPENED, response body, 500",
    "OPENED, nothing, 500",
    "ADMITTED, request headers, 500",
    "ADMITTED, request trailers, 500",
    "ADMITTED, response headers, 500",
    "ADMITTED, response body, 500",
    "ADMITTED, nothing, 500",
    "DEPARTED, request body, 502",
    "DEPARTED, response body, 502",
    "DEPARTED, response trailers, 502",
    "WHOLE_ANSWER_BEGUN, response headers, 502",
    "WHOLE_ANSWER_BEGUN, request body, 502",
  })
  void message_outOfOrder_failsTheExchange(Phase phase, String message, int status)
      throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = at(phase, envoy);
      send(message, stream);
      ImmediateResponse refusal = stream.next().getImmediateResponse();
      assertThat(refusal.getStatus().getCodeValue()).isEqualTo(status);
      assertOpaque(refusal);
      if (phase != Phase.OPENED) {
        envoy.row();
      }
      envoy.assertSettled();
    }
  }

  @ParameterizedTest
  @CsvSource({"STREAM_BEGUN, request body", "STREAM_WITHIN, response headers"})
  void message_outOfOrderWithinAStream_endsItWithAnErrorEvent(Phase phase, String message)
      throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = at(phase, envoy);
      send(message, stream);
      assertErrorEvent(stream.next(), "internal_error");
      assertThat(envoy.row().outcome()).isEqualTo(Outcome.BROKEN);
      envoy.assertSettled();
    }
  }

  private static void send(String message, Stream stream) {
    switch (message) {
      case "request headers" -> stream.requestHeaders();
      case "request body" -> stream.requestBody(REQUEST);
      case "request trailers" -> stream.requestTrailers();
      case "response headers" -> stream.responseHeaders("200", "application/json", false);
      case "response body" -> stream.responseBody("{}", true);
      case "response trailers" -> stream.responseTrailers();
      default ->
          stream.send(
              io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest.getDefaultInstance());
    }
  }

  @Test
  void request_bodyThatTrailersFollow_isRefused() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = at(Phase.ADMITTED, envoy);
      stream.requestBody(REQUEST, false);
      assertThat(stream.next().getImmediateResponse().getBody().toStringUtf8())
          .contains("trailers_refused");
      assertThat(envoy.row().outcome()).isEqualTo(Outcome.REFUSED);
      envoy.assertSettled();
    }
  }

  @Test
  void request_badKey_isRefusedAndNotBooked() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = envoy.open().get("/v1/nothing");
      ImmediateResponse refusal = stream.next().getImmediateResponse();
      assertThat(refusal.getStatus().getCodeValue()).isEqualTo(404);
      assertThat(set(refusal.getHeaders().getSetHeadersList()))
          .containsEntry("x-should-retry", "false")
          .containsEntry("content-type", "application/json");
      envoy.assertSettled();
    }
  }

  @Test
  void models_areAnsweredOnTheSpot() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = envoy.open().get("/v1/models");
      ImmediateResponse reply = stream.next().getImmediateResponse();
      assertThat(reply.getStatus().getCodeValue()).isEqualTo(200);
      assertThat(reply.getBody().toStringUtf8()).contains("gpt-test");
      stream.halfClose();
      assertThat(stream.end().isOk()).isTrue();
      envoy.assertSettled();
    }
  }

  @ParameterizedTest
  @CsvSource({"r-1.a:b, true", "a b, false", "'', false"})
  void requestId_isEchoedWhereItIsPlain(String id, boolean echoed) throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = envoy.open().requestHeaders("x-request-id", id, "upgrade", "h2c");
      String said =
          set(stream.next().getImmediateResponse().getHeaders().getSetHeadersList())
              .getOrDefault("x-request-id", "");
      assertThat(said).isNotEmpty();
      assertThat(said.equals(id)).isEqualTo(echoed);
    }
  }

  @Test
  void request_beyondTheBudget_isRefusedForNow() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start(Gateway.engine(), 40)) {
      Stream stream = at(Phase.ADMITTED, envoy);
      stream.requestBody(REQUEST);
      ImmediateResponse refusal = stream.next().getImmediateResponse();
      assertThat(refusal.getStatus().getCodeValue()).isEqualTo(503);
      assertThat(set(refusal.getHeaders().getSetHeadersList()))
          .containsEntry("retry-after", "1")
          .doesNotContainKey("x-should-retry");
      assertThat(envoy.row().outcome()).isEqualTo(Outcome.REFUSED);
      envoy.assertSettled();
    }
  }

  /** What a failing stage says, or logs by being thrown, may quote the prompt. */
  @ParameterizedTest
  @CsvSource({"1", "20000"})
  void detector_thatThrows_refusesOpaquelyAndLogsNoContent(int padding) throws Exception {
    Detector failing =
        text -> {
          throw new IllegalStateException("cannot read " + text.reveal());
        };
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    log.start();
    root.addAppender(log);
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start(engine(failing), 64 << 20)) {
      Stream stream = at(Phase.ADMITTED, envoy);
      stream.requestBody(REQUEST.replace("Mail", "Mail" + " ".repeat(padding)));
      ImmediateResponse refusal = stream.next().getImmediateResponse();
      assertThat(refusal.getStatus().getCodeValue()).isEqualTo(500);
      assertOpaque(refusal);
      assertThat(envoy.row().outcome()).isEqualTo(Outcome.REFUSED);
      envoy.assertSettled();
    } finally {
      root.detachAppender(log);
    }
    assertThat(log.list)
        .anySatisfy(event -> assertThat(event.getFormattedMessage()).contains("exchange"))
        .allSatisfy(
            event -> {
              assertThat(event.getFormattedMessage()).doesNotContain("canary");
              assertThat(event.getThrowableProxy()).isNull();
            });
  }

  @Test
  void answer_withAValueInALink_isAuditedWithoutTheValue() throws Exception {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    log.start();
    root.addAppender(log);
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = at(Phase.ADMITTED, envoy);
      stream.requestBody(REQUEST);
      String upstream =
          stream.next().getRequestBody().getResponse().getBodyMutation().getBody().toStringUtf8();
      String surrogate = upstream.replaceAll("(?s).*Mail ([^\"]+)\".*", "$1");
      stream.responseHeaders("200", "application/json", false);
      stream.responseBody(ANSWER.replace("Hi", "https://evil.example/?to=" + surrogate), true);
      assertThat(envoy.row().worked().withheld()).isEqualTo(1);
    } finally {
      root.detachAppender(log);
    }
    assertThat(log.list.stream().map(ILoggingEvent::getFormattedMessage))
        .singleElement()
        .asString()
        .startsWith("audit: link_withheld tenant=acme key=key-1 policy=version-1 request=")
        .endsWith(" values=1 types={EMAIL=1}")
        .doesNotContain("evil");
  }

  @Test
  void responseHead_thatCannotBeRead_failsTheExchange() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = at(Phase.DEPARTED, envoy);
      stream.responseHeaders("abc", "application/json", false);
      ImmediateResponse refusal = stream.next().getImmediateResponse();
      assertThat(refusal.getStatus().getCodeValue()).isEqualTo(502);
      assertOpaque(refusal);
      assertThat(envoy.row().outcome()).isEqualTo(Outcome.BROKEN);
      envoy.assertSettled();
    }
  }

  @Test
  void stream_thatCannotBeRead_endsWithAnErrorEvent() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = at(Phase.STREAM_WITHIN, envoy);
      String megabytes = "x".repeat(3 << 20);
      for (int i = 0; i < 6; i++) {
        stream.responseBody(megabytes, false);
      }
      assertErrorEvent(stream.next(), "event_too_large");
      stream.responseBody("data: " + CANARY + "\n\n", false);
      assertThat(stream.nextIfAny()).isNull();
      assertThat(envoy.row().outcome()).isEqualTo(Outcome.BROKEN);
      stream.halfClose();
      assertThat(stream.end().isOk()).isTrue();
      envoy.assertSettled();
    }
  }

  @Test
  void largeBody_isWorkedOnElsewhere() throws Exception {
    BlockingQueue<String> threads = new LinkedBlockingQueue<>();
    Detector noting =
        _ -> {
          threads.add(Thread.currentThread().getName());
          return List.of();
        };
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start(engine(noting), 64 << 20)) {
      Stream small = at(Phase.DEPARTED, envoy);
      assertThat(threads.poll(1, TimeUnit.SECONDS)).doesNotStartWith("heavy-");
      threads.clear();
      Stream large = at(Phase.ADMITTED, envoy);
      large.requestBody(large());
      assertThat(large.next().hasRequestBody()).isTrue();
      assertThat(threads.poll(1, TimeUnit.SECONDS)).startsWith("heavy-");
      small.cancel();
      large.cancel();
      envoy.row();
      envoy.row();
      envoy.assertSettled();
    }
  }

  /** Not even a large body of a tenant whose detector never blocks waits for one that does. */
  @Test
  void bodyWhoseDetectorMayBlock_hasAThreadOfItsOwn() throws Exception {
    BlockingQueue<String> threads = new LinkedBlockingQueue<>();
    Detector blocking =
        new Detector() {
          @Override
          public List<Span> detect(Plaintext text) {
            threads.add(Thread.currentThread().getName());
            return List.of();
          }

          @Override
          public boolean mayBlock() {
            return true;
          }
        };
    try (ScriptedEnvoy envoy =
        ScriptedEnvoy.start(
            engine(blocking), 64 << 20, Tenants.examinedBy(Tenants.acme(), blocking))) {
      Stream small = at(Phase.DEPARTED, envoy);
      assertThat(threads.poll(1, TimeUnit.SECONDS)).startsWith("blocking-");
      small.cancel();
      envoy.row();
      envoy.assertSettled();
    }
  }

  @Test
  void largeBody_clientLeavesMeanwhile_staysInTheBudgetUntilTheWorkEnds() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start(engine(waiting(begun, release)), 64 << 20)) {
      Stream stream = at(Phase.ADMITTED, envoy);
      stream.requestBody(large());
      begun.await();
      stream.cancel();
      assertThat(envoy.row().outcome()).isEqualTo(Outcome.CANCELLED);
      assertThat(envoy.bytesInFlight.taken()).isEqualTo(large().length());
      release.countDown();
      envoy.assertSettled();
    }
  }

  @Test
  void largeBody_secondBodyMeanwhile_failsTheExchange() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start(engine(waiting(begun, release)), 64 << 20)) {
      Stream stream = at(Phase.ADMITTED, envoy);
      stream.requestBody(large());
      begun.await();
      stream.requestBody(REQUEST);
      assertThat(stream.next().getImmediateResponse().getStatus().getCodeValue()).isEqualTo(500);
      release.countDown();
      assertThat(stream.nextIfAny()).isNull();
      envoy.row();
      envoy.assertSettled();
    }
  }

  @Test
  void largeBody_halfClosedMeanwhile_endsUncleanly() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start(engine(waiting(begun, release)), 64 << 20)) {
      Stream stream = at(Phase.ADMITTED, envoy);
      stream.requestBody(large());
      begun.await();
      stream.halfClose();
      assertThat(stream.end().getCode()).isEqualTo(Status.Code.ABORTED);
      release.countDown();
      envoy.row();
      envoy.assertSettled();
    }
  }

  private static Detector waiting(CountDownLatch begun, CountDownLatch release) {
    return _ -> {
      begun.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return List.of();
    };
  }

  private static PrivacyEngine engine(Detector detector) {
    return new PrivacyEngine(detector, SurrogateMint.load());
  }

  private static String large() {
    return REQUEST.replace("Mail", "Mail" + " ".repeat(20_000));
  }

  /** An exchange that has come as far as {@code phase}, all answers until then taken. */
  private static Stream at(Phase phase, ScriptedEnvoy envoy) throws Exception {
    Stream stream = envoy.open();
    if (phase == Phase.OPENED) {
      return stream;
    }
    stream.requestHeaders();
    assertThat(stream.next().hasRequestHeaders()).isTrue();
    if (phase == Phase.ADMITTED) {
      return stream;
    }
    if (phase == Phase.REFUSED) {
      stream.requestBody("[]");
      assertThat(stream.next().hasImmediateResponse()).isTrue();
      return stream;
    }
    stream.requestBody(phase == Phase.STREAM_WITHIN ? STREAMING : REQUEST);
    assertThat(stream.next().hasRequestBody()).isTrue();
    switch (phase) {
      case WHOLE_ANSWER_BEGUN -> {
        stream.responseHeaders("200", "application/json", false);
        assertThat(stream.nextIfAny()).isNull();
      }
      case STREAM_BEGUN, STREAM_WITHIN -> {
        stream.responseHeaders("200", "text/event-stream", false);
        assertThat(stream.next().hasResponseHeaders()).isTrue();
        if (phase == Phase.STREAM_WITHIN) {
          stream.responseBody(SpokenText.content(0, "Hi. "), false);
          assertThat(stream.next().hasResponseBody()).isTrue();
        }
      }
      case ANSWERED -> {
        stream.responseHeaders("200", "application/json", false).responseBody(ANSWER, true);
        assertThat(stream.next().hasResponseHeaders()).isTrue();
        assertThat(stream.next().hasResponseBody()).isTrue();
      }
      case OPENED, ADMITTED, DEPARTED, REFUSED -> {}
    }
    return stream;
  }

  private static void assertBody(
      ProcessingResponse response, String body, long bytesSoFar, boolean end) {
    var streamed = response.getResponseBody().getResponse().getBodyMutation().getStreamedResponse();
    assertThat(streamed.getBody().toStringUtf8()).isEqualTo(body);
    assertThat(streamed.getEndOfStream()).isEqualTo(end);
    assertAccount(response, bytesSoFar, end);
  }

  /** What the filter after this server reads: how much has left, and whether it is all. */
  private static void assertAccount(ProcessingResponse response, long bytesSoFar, boolean end) {
    Struct account = response.getDynamicMetadata().getFieldsOrThrow("mantle").getStructValue();
    assertThat(account.getFieldsOrThrow("out").getNumberValue()).isEqualTo((double) bytesSoFar);
    assertThat(account.containsFields("end")).isEqualTo(end);
  }

  private static void assertErrorEvent(ProcessingResponse response, String code) {
    var streamed = response.getResponseBody().getResponse().getBodyMutation().getStreamedResponse();
    assertThat(streamed.getBody().toStringUtf8())
        .startsWith("event: error\ndata: {\"error\":{")
        .contains("\"code\":\"" + code + "\"")
        .endsWith("}}\n\n");
    assertThat(streamed.getEndOfStream()).isTrue();
  }

  private static void assertOpaque(ImmediateResponse refusal) {
    assertThat(refusal.getBody().toStringUtf8())
        .contains("\"code\":\"internal_error\"")
        .doesNotContain("Exception")
        .doesNotContain("canary")
        .doesNotContain("State");
  }

  private static Map<String, String> set(List<HeaderValueOption> headers) {
    Map<String, String> set = new LinkedHashMap<>();
    headers.forEach(
        h -> set.put(h.getHeader().getKey(), h.getHeader().getRawValue().toStringUtf8()));
    return set;
  }
}
