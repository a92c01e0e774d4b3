package io.mantle.extproc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.SpokenText;
import io.mantle.extproc.scripted.Tenants;
import io.mantle.extproc.stream.ScriptedEnvoy.Stream;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.ExchangeReport;
import io.mantle.extproc.value.Stage;
import io.mantle.extproc.value.Trail;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.EntityType;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What exchanges leave for metrics and traces. */
class ObservationTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String REQUEST =
      "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Mail k7@corp.example\"}]}";

  @Test
  void answer_streamed_leavesItsStagesAndMoments() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream =
          envoy
              .open()
              .requestHeaders(
                  "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01", "x-request-id", "r-7");
      stream.next();
      stream.requestBody(REQUEST);
      assertThat(stream.next().getRequestBody().getResponse().getHeaderMutation().toString())
          .as("what the provider is told of the trace")
          .doesNotContain(TRACE);
      stream.responseHeaders("200", "text/event-stream", false);
      String timing =
          stream
              .next()
              .getResponseHeaders()
              .getResponse()
              .getHeaderMutation()
              .getSetHeadersList()
              .stream()
              .map(option -> option.getHeader())
              .filter(header -> header.getKey().equals("server-timing"))
              .map(header -> header.getRawValue().toStringUtf8())
              .findFirst()
              .orElseThrow();
      assertThat(timing)
          .matches(
              "parse;dur=\\d+\\.\\d\\d, vault;dur=\\S+, detect_fast;dur=\\S+, mint;dur=\\S+, "
                  + "edit;dur=\\S+, mantle;dur=\\S+, provider;dur=\\d+\\.\\d\\d");
      String event = SpokenText.content(0, "Hi. ");
      stream.responseBody(event.substring(0, 12), false);
      stream.responseBody(event.substring(12) + SpokenText.finish(0) + "data: [DONE]\n\n", true);
      stream.next();

      ExchangeReport report = envoy.report();
      assertThat(report.requestId()).isEqualTo("r-7");
      assertThat(report.trace().traceId()).isEqualTo(TRACE);
      assertThat(report.refusal()).isEmpty();
      assertThat(report.usage()).isEqualTo(envoy.row());
      assertThat(Arrays.stream(Stage.values()).filter(report.trail()::has))
          .containsExactly(
              Stage.PARSE, Stage.VAULT, Stage.DETECT_FAST, Stage.MINT, Stage.EDIT, Stage.REHYDRATE);
      assertThat(report.trail().found())
          .containsExactly(new Trail.Found("EMAIL", Action.SUBSTITUTE, false, 1));
      assertThat(report.moments().addedToFirstByte()).isPositive();
      assertThat(report.heldBytesMax()).isEqualTo(12);
    }
  }

  @Test
  void request_withoutTrace_beginsOne() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = envoy.open().requestHeaders("traceparent", "k7@corp.example");
      stream.next();
      stream.cancel();
      ExchangeReport report = envoy.report();
      assertThat(report.trace().traceId()).matches("[0-9a-f]{32}");
      assertThat(report.trace().parentSpanId()).isEmpty();
      assertThat(report.moments().addedToFirstByte()).isNull();
    }
  }

  @Test
  void request_ofNobody_isReportedByItsRefusal() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      envoy.open().get("/v1/nothing").next();
      ExchangeReport report = envoy.report();
      assertThat(report.usage()).isNull();
      assertThat(report.refusal()).isEqualTo("unknown_endpoint");
    }
  }

  @Test
  void request_withABlockedType_isReportedWithWhatWasFound() throws Exception {
    TenantPolicy strict =
        Tenants.tenant(
            "acme", 1, Tenants.privacy(Map.of(EntityType.EMAIL, Action.BLOCK)), Tenants.KEY);
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start(Gateway.engine(), 1 << 20, strict)) {
      Stream stream = envoy.open().requestHeaders();
      stream.next();
      stream.requestBody(REQUEST);
      stream.next();
      ExchangeReport report = envoy.report();
      assertThat(report.refusal()).isEqualTo("entity_blocked");
      assertThat(report.trail().found())
          .containsExactly(new Trail.Found("EMAIL", Action.BLOCK, false, 1));
    }
  }
}
