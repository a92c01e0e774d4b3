package io.mantle.extproc.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.OtlpReceiver;
import io.mantle.extproc.scripted.SpokenText;
import io.mantle.extproc.scripted.Tenants;
import io.mantle.extproc.stream.ScriptedEnvoy.Stream;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.trace.TraceSettings;
import io.mantle.extproc.trace.Traces;
import io.mantle.extproc.value.ExchangeReport;
import io.mantle.privacy.detect.DetectionPolicy;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Real exchanges, traced to a real receiver of OTLP. */
class TracedExchangeTest {
  private static final String CANARY = "canary.k7@corp.example";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";
  private static final String REQUEST =
      "{\"model\":\"m-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Mail " + CANARY + "\"}]}";

  @Test
  void exchange_withATraceOfTheClients_isContinuedAndHoldsNoText() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream =
          envoy
              .open()
              .requestHeaders(
                  "traceparent",
                  "00-" + TRACE + "-" + PARENT + "-01",
                  "tracestate",
                  "vendor=" + CANARY,
                  "x-request-id",
                  "r-7");
      stream.next();
      stream.requestBody(REQUEST);
      String surrogate = surrogate(stream);
      stream
          .responseHeaders("200", "application/json", false)
          .responseBody(
              "{\"choices\":[{\"message\":{\"content\":\"To "
                  + surrogate
                  + "\"}}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}",
              true);
      stream.next();
      assertThat(stream.next().toString()).contains(CANARY);
      tell(collector, envoy.report());

      Map<String, Span> spans =
          collector.spans().stream().collect(Collectors.toMap(Span::getName, span -> span));
      assertThat(spans.keySet())
          .containsExactlyInAnyOrder(
              "/v1/chat/completions",
              "chat m-1",
              "mantle.parse",
              "mantle.vault",
              "mantle.detect_fast",
              "mantle.mint",
              "mantle.edit",
              "mantle.rehydrate");
      Span exchange = Objects.requireNonNull(spans.get("/v1/chat/completions"));
      assertThat(hex(exchange.getParentSpanId().toByteArray())).isEqualTo(PARENT);
      assertThat(spans.values())
          .allSatisfy(
              span -> {
                assertThat(hex(span.getTraceId().toByteArray())).isEqualTo(TRACE);
                assertThat(span.getEndTimeUnixNano())
                    .isGreaterThanOrEqualTo(span.getStartTimeUnixNano());
                if (!span.getSpanId().equals(exchange.getSpanId())) {
                  assertThat(span.getParentSpanId()).isEqualTo(exchange.getSpanId());
                }
              });
      assertThat(attributes(exchange))
          .containsEntry("mantle.request.id", "r-7")
          .containsEntry("mantle.tenant.id", "acme")
          .containsEntry("mantle.entities.EMAIL", "1")
          .containsEntry("mantle.restored.EXACT", "1")
          .containsEntry("http.response.status_code", "200");
      assertThat(attributes(Objects.requireNonNull(spans.get("chat m-1"))))
          .containsEntry("gen_ai.operation.name", "chat")
          .containsEntry("gen_ai.provider.name", "openai")
          .containsEntry("gen_ai.request.model", "m-1")
          .containsEntry("gen_ai.usage.input_tokens", "3")
          .containsEntry("gen_ai.usage.output_tokens", "1")
          .containsEntry("server.address", "demo")
          .containsEntry("server.port", "80");
      assertThat(collector.text())
          .contains("/v1/traces", "collector-secret")
          .doesNotContain("canary", "corp.example", surrogate, "sk-mantle", "upstream-credential");
    }
  }

  /**
   * Four tenants: only where operator and tenant both want it is anything told of what was said.
   */
  @Test
  void content_isToldOfTheTenantAlone_thatTurnsItOn_andThatTheOperatorLets() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        ScriptedEnvoy envoy =
            ScriptedEnvoy.start(
                Gateway.engine(),
                1 << 20,
                Tenants.showingContent(tenant("both")),
                tenant("operator"),
                Tenants.showingContent(tenant("tenant")),
                tenant("neither"))) {
      envoy.content.addAll(Set.of("both", "operator"));
      Map<String, String> surrogates = new HashMap<>();
      for (String tenant : List.of("both", "operator", "tenant", "neither")) {
        surrogates.put(tenant, exchange(envoy, tenant));
        tell(collector, envoy.report());
      }
      String surrogate = surrogates.remove("both");
      List<Span> calls =
          collector.spans().stream().filter(span -> span.getName().equals("chat m-1")).toList();
      assertThat(calls).hasSize(4);
      assertThat(attributes(calls.getFirst()))
          .containsEntry(
              "gen_ai.input.messages",
              "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Mail "
                  + surrogate
                  + "\"}]}]")
          .containsEntry(
              "gen_ai.output.messages",
              "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"To "
                  + surrogate
                  + ".\"}]}]");
      assertThat(calls.subList(1, 4))
          .allSatisfy(
              call ->
                  assertThat(attributes(call))
                      .doesNotContainKeys("gen_ai.input.messages", "gen_ai.output.messages"));
      assertThat(collector.text())
          .doesNotContain("canary", "corp.example")
          .doesNotContain(surrogates.values());
    }
  }

  private static TenantPolicy tenant(String id) {
    return Tenants.tenant(id, id.length(), Tenants.defaultPrivacy(), "sk-mantle-" + id);
  }

  /** A stream that says what was asked; returns what the provider saw in place of the canary. */
  private static String exchange(ScriptedEnvoy envoy, String tenant) throws Exception {
    Stream stream = envoy.open().requestHeaders("x-api-key", "sk-mantle-" + tenant);
    stream.next();
    stream.requestBody(REQUEST.replace("\"m-1\",", "\"m-1\",\"stream\":true,"));
    String surrogate = surrogate(stream);
    stream.responseHeaders("200", "text/event-stream", false);
    stream.next();
    stream.responseBody(
        SpokenText.content(0, "To " + surrogate.substring(0, 5))
            + SpokenText.content(0, surrogate.substring(5) + ".")
            + "data: [DONE]\n\n",
        true);
    assertThat(stream.next().toString()).contains(CANARY);
    return surrogate;
  }

  @Test
  void exchange_thatLeavesAsItIs_isToldWithoutContent() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        ScriptedEnvoy envoy =
            ScriptedEnvoy.start(
                Gateway.engine(),
                1 << 20,
                Tenants.showingContent(
                    Tenants.detecting(Tenants.acme(), DetectionPolicy.STANDARD, true)))) {
      envoy.content.add("acme");
      Stream stream = envoy.open().requestHeaders();
      stream.next();
      stream.requestBody(REQUEST);
      assertThat(stream.next().toString()).contains(CANARY);
      stream.responseHeaders("200", "application/json", false).responseBody("{}", true);
      tell(collector, envoy.report());
      assertThat(collector.spans()).isNotEmpty();
      assertThat(collector.text()).doesNotContain("canary", "gen_ai.input.messages");
    }
  }

  private static String surrogate(Stream stream) throws Exception {
    String left =
        stream.next().getRequestBody().getResponse().getBodyMutation().getBody().toStringUtf8();
    String surrogate = left.replaceAll("(?s).*Mail ([^\"]+)\".*", "$1");
    assertThat(surrogate).contains("@").isNotEqualTo(CANARY);
    return surrogate;
  }

  @Test
  void exchange_refused_isAnErrorWithItsCodeAndNoText() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = envoy.open().requestHeaders();
      stream.next();
      stream.requestBody("{\"messages\": " + CANARY);
      stream.next();
      ExchangeReport refused = envoy.report();
      envoy.open().get("/v1/" + CANARY).next();
      ExchangeReport unknown = envoy.report();
      tell(collector, refused, unknown);
      assertThat(collector.spans())
          .allMatch(span -> span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR)
          .extracting(span -> attributes(span).get("error.type"))
          .containsExactly(refused.refusal(), "unknown_endpoint");
      assertThat(hex(collector.spans().getFirst().getTraceId().toByteArray()))
          .as("the id that the log has named")
          .isEqualTo(refused.trace().traceId());
      assertThat(collector.text()).doesNotContain("canary");
    }
  }

  @Test
  void exchange_thatTheClientDoesNotRecord_isNotSent() throws Exception {
    try (OtlpReceiver collector = new OtlpReceiver();
        ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream =
          envoy.open().requestHeaders("traceparent", "00-" + TRACE + "-" + PARENT + "-00");
      stream.next();
      stream.cancel();
      tell(collector, envoy.report());
      assertThat(collector.spans()).isEmpty();
    }
  }

  /** Returns once all was received. */
  private static void tell(OtlpReceiver collector, ExchangeReport... reports) {
    TraceSettings settings =
        new TraceSettings(
            Optional.of(collector.endpoint()),
            Map.of("authorization", "collector-secret"),
            "gzip",
            1,
            Set.of());
    try (Traces traces = Objects.requireNonNull(Traces.open(settings, "node-1"))) {
      List.of(reports).forEach(traces::tell);
    }
  }

  private static Map<String, String> attributes(Span span) {
    return span.getAttributesList().stream()
        .collect(Collectors.toMap(pair -> pair.getKey(), pair -> text(pair.getValue())));
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> Long.toString(value.getIntValue());
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      default -> new String(value.toByteArray(), UTF_8);
    };
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
