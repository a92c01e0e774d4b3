package io.mantle.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;

/**
 * The loggers of libraries through which requests, answers and rows go. Below INFO they write what
 * they carry: bytes in hexadecimal (gRPC, Netty), buffers (Jetty, Lettuce), a statement's values
 * (Postgres), heads of requests (the JDK's HTTP). No scrubbing knows a name in that.
 */
final class CarrierLoggers {
  private static final List<String> LIBRARIES =
      List.of(
          "io.grpc",
          "io.netty",
          "io.lettuce",
          "org.eclipse.jetty",
          "org.postgresql",
          "com.sun.net.httpserver",
          "jdk.httpclient",
          "jdk.internal.httpclient",
          "sun.net.www",
          "org.apache.http",
          "org.apache.hc");

  private CarrierLoggers() {}

  /** Raises what a configuration set lower, for a library or for a part of it. */
  static void keepAtInfo(LoggerContext context) {
    for (Logger logger : context.getLoggerList()) {
      if (LIBRARIES.stream().anyMatch(library -> isWithin(logger.getName(), library))) {
        raise(logger);
      }
    }
    LIBRARIES.forEach(library -> raise(context.getLogger(library)));
  }

  private static boolean isWithin(String logger, String library) {
    return logger.startsWith(library)
        && (logger.length() == library.length() || logger.charAt(library.length()) == '.');
  }

  private static void raise(Logger logger) {
    if (!logger.getEffectiveLevel().isGreaterOrEqual(Level.INFO)) {
      logger.setLevel(Level.INFO);
    }
  }
}
