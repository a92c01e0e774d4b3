package io.mantle.extproc.stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.HeadersResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.TrailersResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.mantle.extproc.value.Attempt;
import io.mantle.extproc.value.Departure;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.Reply;
import io.mantle.extproc.value.RequestHead;
import io.mantle.extproc.value.Way;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The messages that Envoy gets.
 *
 * <p>Each answer of the response's way carries in its dynamic metadata how many bytes of body have
 * left here so far. A filter of Envoy's that runs after this server compares them with what passes
 * it: were the exchange with this server to end early and cleanly, Envoy would let the provider's
 * bytes pass unrestored, and that filter breaks the answer instead.
 */
final class Answers {
  static final String TENANT_HEADER = "x-mantle-internal-tenant";
  static final String ROUTE_HEADER = "x-mantle-internal-route";
  static final String STEP_HEADER = "x-mantle-internal-rpm";

  /** Envoy's own words for how often and how long it tries; it removes them. */
  private static final String RETRIES_HEADER = "x-envoy-max-retries";

  private static final String ATTEMPT_TIMEOUT_HEADER = "x-envoy-upstream-rq-per-try-timeout-ms";

  /** Marks a reply that needs no restoring, for the filter that would break it. */
  private static final String LOCAL_HEADER = "x-mantle-internal-local";

  /** Tells our replies from Envoy's own, whose words are replaced. */
  private static final String IMMEDIATE_DETAILS = "mantle";

  private static final HeadersResponse CONTINUE =
      HeadersResponse.newBuilder().setResponse(CommonResponse.getDefaultInstance()).build();

  private Answers() {}

  static ProcessingResponse continueRequestHeaders(LogNote note) {
    return ProcessingResponse.newBuilder()
        .setRequestHeaders(CONTINUE)
        .setDynamicMetadata(metadata(noted(note)))
        .build();
  }

  /**
   * The request as it may leave: the body, all its headers, none of the client's, and the route
   * chosen anew. Its id stays with Envoy, for the replies that Envoy makes itself.
   *
   * @param ladderStep which of Envoy's buckets the request is counted in
   */
  static ProcessingResponse departure(Departure departure, int ladderStep, RequestHead client) {
    HeaderMutation.Builder headers = headers(departure, ladderStep, client);
    headers.addSetHeaders(
        set(new Header("content-length", Integer.toString(departure.body().length))));
    return ProcessingResponse.newBuilder()
        .setRequestBody(
            BodyResponse.newBuilder()
                .setResponse(
                    CommonResponse.newBuilder()
                        .setHeaderMutation(headers)
                        .setBodyMutation(BodyMutation.newBuilder().setBody(wrap(departure.body())))
                        .setClearRouteCache(true)))
        .setDynamicMetadata(metadata(told(departure)))
        .build();
  }

  /** The same for a request that ended with its head, of which nothing was said yet. */
  static ProcessingResponse departureWithoutBody(
      Departure departure, int ladderStep, RequestHead client, LogNote note) {
    return ProcessingResponse.newBuilder()
        .setRequestHeaders(
            HeadersResponse.newBuilder()
                .setResponse(
                    CommonResponse.newBuilder()
                        .setHeaderMutation(headers(departure, ladderStep, client))
                        .setClearRouteCache(true)))
        .setDynamicMetadata(metadata(told(departure).mergeFrom(noted(note).build())))
        .build();
  }

  private static HeaderMutation.Builder headers(
      Departure departure, int ladderStep, RequestHead client) {
    HeaderMutation.Builder headers = HeaderMutation.newBuilder();
    for (Header header : client.headers()) {
      if (mayRemove(header.name())) {
        headers.addRemoveHeaders(header.name());
      }
    }
    departure.headers().forEach(header -> headers.addSetHeaders(set(header)));
    Way way = departure.way();
    Attempt first = way.attempts().getFirst();
    if (first.credential() != null && !way.hasAlternatives()) {
      headers.addSetHeaders(set(first.credential()));
    }
    if (way.retries() != null) {
      headers.addSetHeaders(set(new Header(RETRIES_HEADER, way.retries().toString())));
    }
    if (way.firstByte() != null) {
      String millis = Long.toString(way.firstByte().toMillis());
      headers.addSetHeaders(set(new Header(ATTEMPT_TIMEOUT_HEADER, millis)));
    }
    headers.addSetHeaders(set(new Header(":path", first.path())));
    headers.addSetHeaders(set(new Header(TENANT_HEADER, departure.tenantId())));
    headers.addSetHeaders(set(new Header(STEP_HEADER, Integer.toString(ladderStep))));
    headers.addSetHeaders(set(new Header(ROUTE_HEADER, way.route())));
    return headers;
  }

  /**
   * What Envoy's own filters are to know: the request's id, and where there are alternatives what
   * each attempt needs, credentials included. No message that leaves Envoy holds it.
   */
  private static Struct.Builder told(Departure departure) {
    Struct.Builder told =
        Struct.newBuilder().putFields("request_id", text(departure.call().requestId()));
    Way way = departure.way();
    if (way.hasAlternatives()) {
      ListValue.Builder attempts = ListValue.newBuilder();
      way.attempts().forEach(attempt -> attempts.addValues(told(attempt)));
      told.putFields("attempts", Value.newBuilder().setListValue(attempts).build())
          .putFields("body_length", number(departure.body().length))
          .putFields("model_start", number(way.modelStart()))
          .putFields("model_end", number(way.modelEnd()));
    }
    return told;
  }

  /** What is not there is null in the line. */
  private static Struct.Builder noted(LogNote note) {
    Struct.Builder fields = Struct.newBuilder().putFields("request_id", text(note.requestId()));
    if (!note.traceId().isEmpty()) {
      fields.putFields("trace_id", text(note.traceId()));
    }
    if (note.endpoint() != null) {
      fields
          .putFields("method", text(note.endpoint().method()))
          .putFields("path", text(note.endpoint().path()));
    }
    return Struct.newBuilder().putFields("log", Value.newBuilder().setStructValue(fields).build());
  }

  private static Value told(Attempt attempt) {
    Struct.Builder told =
        Struct.newBuilder()
            .putFields("endpoint", text(attempt.endpoint()))
            .putFields("path", text(attempt.path()));
    if (attempt.credential() != null) {
      told.putFields("credential_header", text(attempt.credential().name()))
          .putFields("credential", text(attempt.credential().value()));
    }
    if (attempt.model() != null) {
      told.putFields("model", text(attempt.model()));
    }
    return Value.newBuilder().setStructValue(told).build();
  }

  /**
   * The host is Envoy's to rewrite, and without {@code x-forwarded-proto} it finds no route; the
   * route removes that one. The framing headers are Envoy's own.
   */
  private static boolean mayRemove(String name) {
    return switch (name) {
      case "host", "x-forwarded-proto", "content-length", "transfer-encoding" -> false;
      default -> true;
    };
  }

  /**
   * A whole answer, made here.
   *
   * @param inRequest whether the request's way is still going on
   */
  static ProcessingResponse immediate(Reply reply, boolean inRequest, LogNote note) {
    HeaderMutation.Builder headers = HeaderMutation.newBuilder();
    reply.headers().forEach(header -> headers.addSetHeaders(set(header)));
    if (inRequest) {
      headers.addSetHeaders(set(new Header(LOCAL_HEADER, "1")));
    }
    return ProcessingResponse.newBuilder()
        .setImmediateResponse(
            ImmediateResponse.newBuilder()
                .setStatus(HttpStatus.newBuilder().setCode(StatusCode.forNumber(reply.status())))
                .setHeaders(headers)
                .setBody(wrap(reply.body()))
                .setDetails(IMMEDIATE_DETAILS))
        .setDynamicMetadata(metadata(noted(note)))
        .build();
  }

  /**
   * The answer's head as the client gets it.
   *
   * @param headers are set, in place of the provider's where it has sent some of the same name
   * @param withheld names of the provider's headers that do not go further
   */
  static ProcessingResponse responseHeaders(List<Header> headers, List<String> withheld) {
    HeaderMutation.Builder mutation = HeaderMutation.newBuilder().addAllRemoveHeaders(withheld);
    headers.forEach(header -> mutation.addSetHeaders(set(header)));
    return ProcessingResponse.newBuilder()
        .setResponseHeaders(
            HeadersResponse.newBuilder()
                .setResponse(CommonResponse.newBuilder().setHeaderMutation(mutation)))
        .setDynamicMetadata(account(0, false))
        .build();
  }

  /**
   * A piece of the answer's body.
   *
   * @param bytesSoFar of the body, this piece included
   * @param end whether it is the last
   */
  static ProcessingResponse responseBody(byte[] piece, long bytesSoFar, boolean end) {
    return ProcessingResponse.newBuilder()
        .setResponseBody(
            BodyResponse.newBuilder()
                .setResponse(
                    CommonResponse.newBuilder()
                        .setBodyMutation(
                            BodyMutation.newBuilder()
                                .setStreamedResponse(
                                    StreamedBodyResponse.newBuilder()
                                        .setBody(wrap(piece))
                                        .setEndOfStream(end)))))
        .setDynamicMetadata(account(bytesSoFar, end))
        .build();
  }

  /** Lets trailers pass; the body is over. */
  static ProcessingResponse responseTrailers(long bytesSoFar) {
    return ProcessingResponse.newBuilder()
        .setResponseTrailers(TrailersResponse.getDefaultInstance())
        .setDynamicMetadata(account(bytesSoFar, true))
        .build();
  }

  private static Struct account(long bytesSoFar, boolean end) {
    Struct.Builder account =
        Struct.newBuilder()
            .putFields("out", Value.newBuilder().setNumberValue((double) bytesSoFar).build());
    if (end) {
      account.putFields("end", Value.newBuilder().setBoolValue(true).build());
    }
    return metadata(account);
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private static Value number(int number) {
    return Value.newBuilder().setNumberValue(number).build();
  }

  /** The only namespace of metadata that Envoy takes from here. */
  private static Struct metadata(Struct.Builder content) {
    return Struct.newBuilder()
        .putFields("mantle", Value.newBuilder().setStructValue(content).build())
        .build();
  }

  private static HeaderValueOption set(Header header) {
    return HeaderValueOption.newBuilder()
        .setHeader(
            HeaderValue.newBuilder()
                .setKey(header.name())
                .setRawValue(ByteString.copyFrom(header.value(), StandardCharsets.UTF_8)))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }

  /** Without a copy: no stage changes a body that it has handed on. */
  private static ByteString wrap(byte[] bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }
}
