package io.mantle.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Everything that the parts which run in this JVM log, more talkative than in production: Mantle's
 * own code at every level, libraries at INFO.
 */
final class LogTap extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final StringBuilder text = new StringBuilder();
  private final Logger root;
  private final Logger mantle;

  private LogTap(LoggerContext context) {
    root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    mantle = context.getLogger("io.mantle");
    setContext(context);
  }

  static LogTap open() {
    LogTap tap = new LogTap((LoggerContext) LoggerFactory.getILoggerFactory());
    tap.start();
    tap.root.addAppender(tap);
    tap.root.setLevel(Level.INFO);
    tap.mantle.setLevel(Level.TRACE);
    return tap;
  }

  @Override
  protected synchronized void append(ILoggingEvent event) {
    text.append(event.getLoggerName()).append(' ').append(event.getFormattedMessage()).append('\n');
    if (event.getThrowableProxy() != null) {
      text.append(ThrowableProxyUtil.asString(event.getThrowableProxy())).append('\n');
    }
  }

  synchronized String text() {
    return text.toString();
  }

  @Override
  public void close() {
    root.detachAppender(this);
    root.setLevel(Level.WARN);
    mantle.setLevel(Level.INFO);
    stop();
  }
}
