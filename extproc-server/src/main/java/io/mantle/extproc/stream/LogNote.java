package io.mantle.extproc.stream;

import io.mantle.extproc.dialect.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * What Envoy's access log says of a request. Envoy itself knows it by what the client wrote, which
 * may hold anything; this holds nothing that was not checked.
 *
 * @param requestId as in this server's logs
 * @param traceId as there; empty where there is no trace
 * @param endpoint what was asked for; null where there is no such thing
 */
record LogNote(String requestId, String traceId, @Nullable Endpoint endpoint) {
  /** Nothing was asked yet. */
  static final LogNote NONE = new LogNote("", "", null);
}
