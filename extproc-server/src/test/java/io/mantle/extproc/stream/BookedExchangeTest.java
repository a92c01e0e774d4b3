package io.mantle.extproc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.stream.ScriptedEnvoy.Stream;
import io.mantle.extproc.value.Outcome;
import io.mantle.extproc.value.UsageRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The books come first: before the request leaves, and before its answer ends. */
class BookedExchangeTest {
  private static final String REQUEST =
      "{\"model\":\"gpt-test\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/event-stream"})
  void exchange_whole_isInTheBooksBeforeItLeavesAndBeforeItEnds(String contentType)
      throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = envoy.open().requestHeaders();
      stream.next();
      assertThat(envoy.openedNow()).isEmpty();
      stream.requestBody(REQUEST);
      assertThat(stream.next().hasRequestBody()).isTrue();
      assertThat(envoy.openedNow()).hasSize(1);
      UsageRecord opened = envoy.openedNow().getFirst();
      assertThat(opened.outcome()).isEqualTo(Outcome.UNKNOWN);
      assertThat(opened.asked().model()).isEqualTo("gpt-test");
      assertThat(opened.size().requestBytes()).isEqualTo(REQUEST.length());
      assertThat(opened.tokens()).isNotNull().matches(tokens -> tokens.estimated());

      stream.responseHeaders("200", contentType, false).responseBody("{}", true);
      while (!stream.next().hasResponseBody()) {}
      UsageRecord closed = envoy.rowNow();
      assertThat(closed.id()).isEqualTo(opened.id());
      assertThat(closed.times().startedAt()).isEqualTo(opened.times().startedAt());
    }
  }

  @Test
  void request_refused_isClosedWithoutHavingBeenOpened() throws Exception {
    try (ScriptedEnvoy envoy = ScriptedEnvoy.start()) {
      Stream stream = envoy.open().requestHeaders();
      stream.next();
      stream.requestBody("no JSON");
      assertThat(stream.next().hasImmediateResponse()).isTrue();
      assertThat(envoy.rowNow().outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(envoy.openedNow()).isEmpty();
    }
  }
}
