package io.mantle.extproc.stream;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.Way;
import java.util.Set;

/**
 * How an answer came about, as Envoy tells with its head. An Envoy that is not configured to tell
 * it has tried the first provider, once.
 *
 * @param attempt which of the way's attempts was made last, from 0
 * @param attempts how many were made
 * @param details what Envoy says of the answer's origin; empty where it does not
 */
record AnsweredBy(int attempt, int attempts, String details) {
  private static final String ATTEMPT =
      "xds.upstream_host_metadata.filter_metadata['mantle']['attempt']";
  private static final String ATTEMPTS = "upstream.request_attempt_count";
  private static final String DETAILS = "response.code_details";
  private static final String ADDRESS_DENIED = "rbac_access_denied";

  /**
   * The details of Envoy's refusals before it asks anybody: the ladder's, the route's that refuses,
   * and those for want of a route or a cluster. A provider's answer has other details, whatever it
   * says.
   */
  private static final Set<String> REFUSED =
      Set.of("local_rate_limited", "direct_response", "route_not_found", "cluster_not_found");

  static AnsweredBy of(ProcessingRequest message) {
    int attempt = 0;
    int attempts = 1;
    String details = "";
    // One entry, under the filter's name, which is for whoever configures Envoy to choose.
    for (Struct told : message.getAttributesMap().values()) {
      attempt = number(told.getFieldsOrDefault(ATTEMPT, Value.getDefaultInstance()), attempt);
      attempts = number(told.getFieldsOrDefault(ATTEMPTS, Value.getDefaultInstance()), attempts);
      details = told.getFieldsOrDefault(DETAILS, Value.getDefaultInstance()).getStringValue();
    }
    return new AnsweredBy(attempt, attempts, details);
  }

  private static int number(Value value, int otherwise) {
    return switch (value.getKindCase()) {
      case NUMBER_VALUE -> (int) value.getNumberValue();
      case STRING_VALUE -> Integer.parseInt(value.getStringValue());
      case NULL_VALUE, BOOL_VALUE, STRUCT_VALUE, LIST_VALUE, KIND_NOT_SET -> otherwise;
    };
  }

  /** The call, with who answered it in the place of who was to be asked first. */
  Call in(Way way, Call call) {
    return call.answeredBy(way.attempts().get(attempt), attempts);
  }

  /** Whether it is Envoy's refusal to send the request to anybody. */
  boolean isRefusal() {
    return REFUSED.contains(details);
  }

  /** Whether Envoy sent nothing, since the provider's name led where it may not. */
  boolean addressIsRefused() {
    return details.startsWith(ADDRESS_DENIED);
  }
}
