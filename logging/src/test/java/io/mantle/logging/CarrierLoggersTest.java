package io.mantle.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class CarrierLoggersTest {
  private final LoggerContext context = new LoggerContext();

  @Test
  void carriers_whateverWasConfigured_sayNothingBelowInfo() {
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.TRACE);
    context.getLogger("io.grpc.netty").setLevel(Level.DEBUG);
    context.getLogger("org.eclipse.jetty").setLevel(Level.WARN);
    context.getLogger("org.postgresql.core.v3.QueryExecutorImpl");

    CarrierLoggers.keepAtInfo(context);

    assertThat(level("io.grpc.netty.NettyServerHandler")).isEqualTo(Level.INFO);
    assertThat(level("org.postgresql.core.v3.QueryExecutorImpl")).isEqualTo(Level.INFO);
    assertThat(level("io.lettuce.core.protocol.CommandHandler")).isEqualTo(Level.INFO);
    assertThat(level("org.eclipse.jetty.http.HttpParser")).isEqualTo(Level.WARN);
    assertThat(level("io.mantle.extproc.stream.Exchange")).isEqualTo(Level.TRACE);
    assertThat(level("io.grpcish")).isEqualTo(Level.TRACE);
  }

  @Test
  void carriers_thatAreQuiet_stayAsTheyAre() {
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);

    CarrierLoggers.keepAtInfo(context);

    assertThat(level("io.grpc.netty.NettyServerHandler")).isEqualTo(Level.WARN);
  }

  private Level level(String logger) {
    return context.getLogger(logger).getEffectiveLevel();
  }
}
