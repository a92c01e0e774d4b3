package io.mantle.extproc.stream;

import org.slf4j.MDC;

/** Names the exchange that this thread works on to whatever it logs, third parties included. */
final class LogIds {
  static final String REQUEST = "request_id";
  static final String TRACE = "trace_id";

  private LogIds() {}

  /** From now on; nothing where the ids are not known yet. */
  static void put(String requestId, String traceId) {
    if (!requestId.isEmpty()) {
      MDC.put(REQUEST, requestId);
    }
    if (!traceId.isEmpty()) {
      MDC.put(TRACE, traceId);
    }
  }

  /** The thread goes on to something else. */
  static void clear() {
    MDC.clear();
  }
}
