package io.mantle.logging;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Brings to the one log, and so through its scrubbing, what would otherwise write to standard error
 * by itself: {@code java.util.logging}, in which gRPC speaks, and exceptions that nobody catches.
 * Libraries that carry what people typed say nothing below INFO, whatever the log's configuration.
 */
public final class LogRouting {
  private static final Logger LOG = LoggerFactory.getLogger(LogRouting.class);

  private LogRouting() {}

  /** Called once, at the start of a process. */
  public static void install() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      CarrierLoggers.keepAtInfo(context);
    }
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> LOG.error("thread {} ended", thread.getName(), thrown));
  }
}
