package io.mantle.extproc.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @Test
  void traceparent_valid_isContinued() {
    assertThat(TraceContext.parse("00-" + TRACE + "-" + SPAN + "-01"))
        .isEqualTo(new TraceContext(TRACE, SPAN, true));
    assertThat(TraceContext.parse("00-" + TRACE + "-" + SPAN + "-00"))
        .isEqualTo(new TraceContext(TRACE, SPAN, false));
  }

  @Test
  void traceparent_ofALaterVersion_isReadAsFarAsItIsKnown() {
    assertThat(TraceContext.parse("cc-" + TRACE + "-" + SPAN + "-03-more").traceId())
        .isEqualTo(TRACE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "jane@example.com",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"
      })
  void traceparent_invalid_isNone(String traceparent) {
    assertThat(TraceContext.parse(traceparent)).isEqualTo(TraceContext.NONE);
  }

  @Test
  void trace_begunHere_isItsOwn() {
    TraceContext begun = TraceContext.begun();
    assertThat(begun.traceId()).matches("[0-9a-f]{32}");
    assertThat(begun.parentSpanId()).isEmpty();
    assertThat(TraceContext.begun()).isNotEqualTo(begun);
  }
}
