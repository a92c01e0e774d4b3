package io.mantle.controlplane.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import com.google.protobuf.util.Values;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.config.accesslog.v3.AndFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ExtensionFilter;
import io.envoyproxy.envoy.config.accesslog.v3.HeaderFilter;
import io.envoyproxy.envoy.config.accesslog.v3.ResponseFlagFilter;
import io.envoyproxy.envoy.config.accesslog.v3.StatusCodeFilter;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.RuntimeUInt32;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;

/**
 * Envoy's own replies in our words, in a shape that is OpenAI's and Anthropic's at once, and a 429
 * in the caller's own: the reasons Envoy gives name sockets and clusters. What ext_proc replies
 * itself is left alone. The first mapper that matches decides.
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

  /** The details of what the address guard denies. */
  private static final String BY_ADDRESS_GUARD =
      "response.code_details.startsWith(\"rbac_access_denied\")";

  /**
   * The details of refusals by the filters after ext_proc and by the router, of a request that left
   * ext_proc. It is the only one that tells its id in metadata, and only then.
   */
  private static final String OF_DEPARTED =
      "response.code_details in"
          + " ['local_rate_limited', 'direct_response', 'route_not_found', 'cluster_not_found']"
          + " && metadata.filter_metadata['mantle']['request_id'] != ''";

  /**
   * The client's, until the request has left; from then on what ext_proc told. Where there is none
   * it is empty, and no header.
   */
  private static final String REQUEST_ID =
      "%REQ(X-REQUEST-ID)%%DYNAMIC_METADATA(mantle:request_id)%";

  private LocalReplies() {}

  /** What the router's replies bear where the provider is at fault. */
  private static final List<String> PROVIDER_FLAGS =
      List.of("UF", "UH", "UO", "UC", "UR", "UT", "URX", "LH", "UMSDR", "UPE");

  /** For a listener that takes bodies of so many bytes. */
  static LocalReplyConfig build(int bodyBytesMax) {
    return LocalReplyConfig.newBuilder()
        .addMappers(ResponseMapper.newBuilder().setFilter(expression(BY_EXT_PROC)))
        .addMappers(
            ResponseMapper.newBuilder()
                .setFilter(expression(BY_ADDRESS_GUARD))
                .setStatusCode(UInt32Value.of(502))
                .setBodyFormatOverride(
                    json(
                        error(
                            "The provider's name leads to an address that is not on the public Internet, so nothing was sent.",
                            API,
                            "provider_address_refused"))))
        .addMappers(
            forProvider(502, error("The provider gave no valid answer.", API, "bad_gateway")))
        .addMappers(forProvider(503, error("The provider is unavailable.", API, "unavailable")))
        .addMappers(forProvider(504, error("The provider did not answer in time.", API, "timeout")))
        .addMappers(limit(ofDeparted(both(is(429), toMessages()), LIMITED_MESSAGE)))
        .addMappers(limit(ofDeparted(is(429), LIMITED)))
        // Envoy says 404 where no tenant's routes were chosen, which ext_proc alone does.
        .addMappers(ofDeparted(is(404), json(UNAVAILABLE)).setStatusCode(UInt32Value.of(503)))
        .addMappers(ofDeparted(is(503), json(UNAVAILABLE)))
        .addMappers(
            reply(is(400), error("The request is not valid HTTP.", INVALID, "invalid_request")))
        .addMappers(reply(is(404), UNAVAILABLE).setStatusCode(UInt32Value.of(503)))
        .addMappers(
            reply(
                is(408), error("The request did not arrive in time.", INVALID, "request_timeout")))
        .addMappers(
            reply(
                is(413),
                error(
                    "The request body is larger than %d bytes, the most that is accepted."
                        .formatted(bodyBytesMax),
                    INVALID,
                    "request_too_large")))
        .addMappers(limit(reply(both(is(429), toMessages()), LIMITED_MESSAGE)))
        .addMappers(limit(reply(is(429), LIMITED)))
        .addMappers(
            reply(
                is(431),
                error("The request's headers are too large.", INVALID, "headers_too_large")))
        .addMappers(reply(is(503), UNAVAILABLE))
        .addMappers(reply(is(504), error("The service did not answer in time.", API, "timeout")))
        .addMappers(
            reply(
                atLeast(500), error("The gateway failed on this request.", API, "internal_error")))
        .addMappers(
            reply(atLeast(400), error("The request was refused.", INVALID, "invalid_request")))
        .build();
  }

  private static final String API = "api_error";
  private static final String INVALID = "invalid_request_error";

  private static final Struct UNAVAILABLE =
      error("The service is unavailable.", API, "unavailable");

  private static final SubstitutionFormatString LIMITED =
      openAi(error("Too many requests.", "requests", "rate_limit_exceeded"));

  /** As ext_proc words it where a dialect has no place for a code. */
  private static final SubstitutionFormatString LIMITED_MESSAGE =
      anthropic("rate_limit_error", "Too many requests. (rate_limit_exceeded)");

  /**
   * A reply in the stead of a provider. It is not marked: ext_proc sees it as it sees a provider's
   * own, and so knows how the exchange ended.
   */
  private static ResponseMapper.Builder forProvider(int status, Struct error) {
    AccessLogFilter atFault =
        AccessLogFilter.newBuilder()
            .setResponseFlagFilter(ResponseFlagFilter.newBuilder().addAllFlags(PROVIDER_FLAGS))
            .build();
    return unmarked(both(is(status), atFault), json(error));
  }

  /**
   * A refusal of what ext_proc let go. It is not marked either: ext_proc has the exchange in its
   * books, and is to know that nothing was sent.
   */
  private static ResponseMapper.Builder ofDeparted(
      AccessLogFilter filter, SubstitutionFormatString body) {
    return unmarked(both(filter, expression(OF_DEPARTED)), body);
  }

  private static ResponseMapper.Builder unmarked(
      AccessLogFilter filter, SubstitutionFormatString body) {
    return ResponseMapper.newBuilder().setFilter(filter).setBodyFormatOverride(body);
  }

  /** By one of the walls. The step of the ladder is a header of the request, if it got so far. */
  private static ResponseMapper.Builder limit(ResponseMapper.Builder reply) {
    return reply.addHeadersToAdd(
        header(LocalLimits.LIMIT_HEADER, "%REQ(" + LocalLimits.STEP_HEADER + ")%"));
  }

  private static ResponseMapper.Builder reply(AccessLogFilter filter, Struct error) {
    return reply(filter, json(error));
  }

  private static ResponseMapper.Builder reply(
      AccessLogFilter filter, SubstitutionFormatString body) {
    return ResponseMapper.newBuilder()
        .setFilter(filter)
        .setBodyFormatOverride(body)
        .addHeadersToAdd(header(MARKER_HEADER, "1"))
        .addHeadersToAdd(header("x-request-id", REQUEST_ID));
  }

  private static Struct error(String message, String type, String code) {
    return Struct.newBuilder()
        .putFields("message", Values.of(message))
        .putFields("type", Values.of(type))
        .putFields("param", Values.ofNull())
        .putFields("code", Values.of(code))
        .build();
  }

  private static SubstitutionFormatString json(Struct error) {
    return json(Struct.newBuilder().putFields("type", Values.of("error")), error);
  }

  private static SubstitutionFormatString openAi(Struct error) {
    return json(Struct.newBuilder(), error);
  }

  private static SubstitutionFormatString anthropic(String type, String message) {
    Struct.Builder error = Struct.newBuilder();
    error.putFields("type", Values.of(type)).putFields("message", Values.of(message));
    return json(error.build());
  }

  private static SubstitutionFormatString json(Struct.Builder whole, Struct error) {
    return SubstitutionFormatString.newBuilder()
        .setJsonFormat(whole.putFields("error", Value.newBuilder().setStructValue(error).build()))
        .setContentType("application/json")
        .build();
  }

  private static HeaderValueOption header(String name, String value) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }

  /** A request of Anthropic's dialect, by its own path or by its provider's. */
  private static AccessLogFilter toMessages() {
    RegexMatcher path = RegexMatcher.newBuilder().setRegex("[^?]*/messages([/?].*)?").build();
    return AccessLogFilter.newBuilder()
        .setHeaderFilter(
            HeaderFilter.newBuilder()
                .setHeader(
                    HeaderMatcher.newBuilder()
                        .setName(":path")
                        .setStringMatch(StringMatcher.newBuilder().setSafeRegex(path))))
        .build();
  }

  private static AccessLogFilter both(AccessLogFilter one, AccessLogFilter other) {
    return AccessLogFilter.newBuilder()
        .setAndFilter(AndFilter.newBuilder().addFilters(one).addFilters(other))
        .build();
  }

  private static AccessLogFilter is(int status) {
    return status(ComparisonFilter.Op.EQ, status);
  }

  private static AccessLogFilter atLeast(int status) {
    return status(ComparisonFilter.Op.GE, status);
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
