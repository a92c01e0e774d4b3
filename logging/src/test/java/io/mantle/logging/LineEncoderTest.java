package io.mantle.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Events of real loggers, as they are written. */
class LineEncoderTest {
  private static final String CANARY = "canary.k7@corp.example";

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();

  @AfterEach
  void detach() {
    root.detachAppender(appender);
    MDC.clear();
  }

  private void write(String format) {
    LineEncoder encoder = new LineEncoder();
    encoder.setFormat(format);
    encoder.setContext(context);
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(written);
    appender.start();
    root.addAppender(appender);
  }

  private String written() {
    return written.toString(StandardCharsets.UTF_8);
  }

  @Test
  void event_asJson_isAnObjectWithItsIds() throws Exception {
    write("json");
    MDC.put("request_id", "r-7");
    MDC.put("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736");
    LoggerFactory.getLogger("io.mantle.Some")
        .atWarn()
        .addKeyValue("tenant", "acme")
        .log("line \"one\"\nline {}", "two");
    JsonNode line = new ObjectMapper().readTree(written());
    assertThat(written()).endsWith("}\n").hasLineCount(1);
    assertThat(line.path("message").asText()).isEqualTo("line \"one\"\nline two");
    assertThat(line.path("level").asText()).isEqualTo("WARN");
    assertThat(line.path("logger").asText()).isEqualTo("io.mantle.Some");
    assertThat(line.path("request_id").asText()).isEqualTo("r-7");
    assertThat(line.path("trace_id").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(line.path("tenant").asText()).isEqualTo("acme");
    assertThat(line.path("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
  }

  @Test
  void event_asText_isALineWithItsIds() {
    write("text");
    MDC.put("request_id", "r-7");
    LoggerFactory.getLogger("io.mantle.Some").warn("said {}", 7);
    assertThat(written()).matches("\\S+Z WARN {2}Some said 7 request_id=r-7\\R");
  }

  @Test
  void event_thatQuotesPrivateText_isWrittenWithoutIt() throws Exception {
    for (String format : new String[] {"json", "text"}) {
      written.reset();
      write(format);
      MDC.put("request_id", CANARY);
      LoggerFactory.getLogger("com.third.Party")
          .atError()
          .setCause(new IllegalStateException("no " + CANARY, new Exception("nor " + CANARY)))
          .addKeyValue("by", CANARY)
          .log("cannot read {}", "\n" + CANARY);
      root.detachAppender(appender);
      assertThat(written()).doesNotContain("canary").contains("[email]", "Caused by");
      if (format.equals("json")) {
        assertThat(new ObjectMapper().readTree(written()).path("exception").asText())
            .startsWith("java.lang.IllegalStateException: no [email]");
      }
    }
  }

  @Test
  void otherWaysToStandardError_leadToTheLog() throws Exception {
    write("json");
    LogRouting.install();
    java.util.logging.Logger.getLogger("io.grpc.Some").warning("peer said " + CANARY);
    Thread thread =
        new Thread(
            () -> {
              throw new IllegalStateException("no " + CANARY);
            });
    thread.start();
    thread.join();
    assertThat(written())
        .contains("peer said [email]", "\"logger\":\"io.grpc.Some\"", "no [email]")
        .doesNotContain("canary");
  }
}
