package io.mantle.controlplane.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import com.google.protobuf.util.Values;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ExtensionFilter;
import io.envoyproxy.envoy.config.accesslog.v3.StatusCodeFilter;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.RuntimeUInt32;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;

/**
 * Envoy's own replies in OpenAI's shape and in our words: the reasons Envoy gives name sockets and
 * clusters. What ext_proc replies itself is left alone. The first mapper that matches decides.
 */
final class LocalReplies {
  /**
   * Marks a reply that was made here and needs no restoring. ext_proc is skipped for it: a reply to
   * a request that Envoy could not even parse is lost if it has to wait for ext_proc (Envoy issue
   * 29440).
   */
  static final String MARKER_HEADER = "x-mantle-internal-local";

  /** The details that the ext_proc server gives its immediate responses. */
  private static final String BY_EXT_PROC = "response.code_details == \"mantle\"";

  /**
   * The client's, until the request has left; from then on what ext_proc told. Where there is none
   * it is empty, and no header.
   */
  private static final String REQUEST_ID =
      "%REQ(X-REQUEST-ID)%%DYNAMIC_METADATA(mantle:request_id)%";

  private LocalReplies() {}

  static LocalReplyConfig build() {
    return LocalReplyConfig.newBuilder()
        .addMappers(ResponseMapper.newBuilder().setFilter(expression(BY_EXT_PROC)))
        .addMappers(
            reply(
                EQUAL,
                400,
                "The request is not valid HTTP.",
                "invalid_request_error",
                "invalid_request"))
        // Envoy says 404 where no tenant's routes were chosen, which ext_proc alone does.
        .addMappers(
            reply(EQUAL, 404, "The service is unavailable.", "api_error", "unavailable")
                .setStatusCode(UInt32Value.of(503)))
        .addMappers(
            reply(
                EQUAL,
                408,
                "The request did not arrive in time.",
                "invalid_request_error",
                "request_timeout"))
        .addMappers(
            reply(
                EQUAL,
                413,
                "The request body is too large.",
                "invalid_request_error",
                "request_too_large"))
        .addMappers(
            reply(EQUAL, 429, "Too many requests.", "rate_limit_error", "rate_limit_exceeded"))
        .addMappers(
            reply(
                EQUAL,
                431,
                "The request's headers are too large.",
                "invalid_request_error",
                "headers_too_large"))
        .addMappers(
            reply(EQUAL, 502, "The provider gave no valid answer.", "api_error", "bad_gateway"))
        .addMappers(
            reply(
                EQUAL,
                503,
                "The service or the provider is unavailable.",
                "api_error",
                "unavailable"))
        .addMappers(
            reply(EQUAL, 504, "The provider did not answer in time.", "api_error", "timeout"))
        .addMappers(
            reply(
                AT_LEAST,
                500,
                "The gateway failed on this request.",
                "api_error",
                "internal_error"))
        .addMappers(
            reply(
                AT_LEAST,
                400,
                "The request was refused.",
                "invalid_request_error",
                "invalid_request"))
        .build();
  }

  private static final ComparisonFilter.Op EQUAL = ComparisonFilter.Op.EQ;
  private static final ComparisonFilter.Op AT_LEAST = ComparisonFilter.Op.GE;

  private static ResponseMapper.Builder reply(
      ComparisonFilter.Op comparison, int status, String message, String type, String code) {
    Struct error =
        Struct.newBuilder()
            .putFields("message", Values.of(message))
            .putFields("type", Values.of(type))
            .putFields("param", Values.ofNull())
            .putFields("code", Values.of(code))
            .build();
    return ResponseMapper.newBuilder()
        .setFilter(status(comparison, status))
        .setBodyFormatOverride(
            SubstitutionFormatString.newBuilder()
                .setJsonFormat(
                    Struct.newBuilder()
                        .putFields("error", Value.newBuilder().setStructValue(error).build()))
                .setContentType("application/json"))
        .addHeadersToAdd(header(MARKER_HEADER, "1"))
        .addHeadersToAdd(header("x-request-id", REQUEST_ID));
  }

  private static HeaderValueOption header(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }

  private static AccessLogFilter status(ComparisonFilter.Op comparison, int status) {
    return AccessLogFilter.newBuilder()
        .setStatusCodeFilter(
            StatusCodeFilter.newBuilder()
                .setComparison(
                    ComparisonFilter.newBuilder()
                        .setOp(comparison)
                        .setValue(
                            RuntimeUInt32.newBuilder()
                                .setDefaultValue(status)
                                .setRuntimeKey("none"))))
        .build();
  }

  private static AccessLogFilter expression(String cel) {
    return AccessLogFilter.newBuilder()
        .setExtensionFilter(
            ExtensionFilter.newBuilder()
                .setName("cel")
                .setTypedConfig(Any.pack(ExpressionFilter.newBuilder().setExpression(cel).build())))
        .build();
  }
}
