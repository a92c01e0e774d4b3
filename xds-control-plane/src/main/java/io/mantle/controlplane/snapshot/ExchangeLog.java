package io.mantle.controlplane.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.util.Values;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Envoy's access log: one JSON object a line on standard output for each exchange that is over,
 * also for one that never got as far as ext_proc.
 *
 * <p>Guarantee: nothing in it was written by a client. Its request's id, trace and path are what
 * ext_proc has checked, or made of them, and told with its first answer; where it was not asked
 * they are null. There is no header of the request, no query, no address, and of the provider no
 * more than its name.
 */
final class ExchangeLog {
  /** Told by ext_proc in its dynamic metadata. */
  private static final String TOLD = "%%DYNAMIC_METADATA(mantle:log:%s)%%";

  private ExchangeLog() {}

  static AccessLog build() {
    Struct.Builder line = Struct.newBuilder();
    fields().forEach((name, format) -> line.putFields(name, Values.of(format)));
    return AccessLog.newBuilder()
        .setName("envoy.access_loggers.stdout")
        .setTypedConfig(
            Any.pack(
                StdoutAccessLog.newBuilder()
                    .setLogFormat(SubstitutionFormatString.newBuilder().setJsonFormat(line))
                    .build()))
        .build();
  }

  /** Name to Envoy's command operators. What is a number for Envoy is one in the line. */
  static Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("time", "%START_TIME%");
    fields.put("request_id", TOLD.formatted("request_id"));
    fields.put("trace_id", TOLD.formatted("trace_id"));
    fields.put("method", TOLD.formatted("method"));
    fields.put("path", TOLD.formatted("path"));
    fields.put("protocol", "%PROTOCOL%");
    fields.put("status", "%RESPONSE_CODE%");
    fields.put("flags", "%RESPONSE_FLAGS%");
    fields.put("details", "%RESPONSE_CODE_DETAILS%");
    fields.put("provider", "%RESP(X-MANTLE-PROVIDER)%");
    fields.put("attempts", "%UPSTREAM_REQUEST_ATTEMPT_COUNT%");
    fields.put("request_bytes", "%BYTES_RECEIVED%");
    fields.put("response_bytes", "%BYTES_SENT%");
    fields.put("request_ms", "%REQUEST_DURATION%");
    fields.put("first_byte_ms", "%RESPONSE_DURATION%");
    fields.put("duration_ms", "%DURATION%");
    return fields;
  }
}
