package io.mantle.extproc.response;

import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.tokens.SaidText;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.ResponseHead;
import io.mantle.extproc.value.TokenCounts;
import io.mantle.privacy.produced.AnswerBlockedException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A response's way: decode, rehydrate, meter. One for each answer; used by one thread at a time.
 *
 * <p>Guarantees: the client's body is the provider's with this exchange's surrogates restored and
 * nothing else changed but for what follows from that, the marks on what the provider signed, and a
 * usage that was asked for on our account; it is the same however the provider's bytes were cut; in
 * a stream nothing is held back but what may still become a surrogate.
 */
public final class ResponsePipeline {
  private final Call call;
  private final BodyRestorer body;
  private final boolean streamed;

  private ResponsePipeline(Call call, BodyRestorer body, boolean streamed) {
    this.call = call;
    this.body = body;
    this.streamed = streamed;
  }

  /**
   * Begins an answer.
   *
   * @param dialect how its body speaks
   * @throws RefusedException 502 if its body is encoded, and so cannot be read
   */
  public static ResponsePipeline begin(Call call, Dialect dialect, ResponseHead head)
      throws RefusedException {
    if (!head.contentEncoding().isEmpty() && !head.contentEncoding().equals("identity")) {
      throw new RefusedException(
          new Refusal(
              502,
              "api_error",
              "unsupported_answer_encoding",
              "The provider's answer is encoded in a way that was not asked for.",
              null,
              false));
    }
    return switch (head.contentType()) {
      case "text/event-stream" ->
          new ResponsePipeline(
              call, new EventStream(call.answer(), dialect, StreamLimits.STANDARD), true);
      case "application/json" ->
          new ResponsePipeline(call, new WholeJson(call.answer(), dialect), false);
      default -> new ResponsePipeline(call, new PlainText(call.answer().restoration()), true);
    };
  }

  /**
   * Whether pieces of the body leave before all of it is there, so that the head must leave at
   * once.
   */
  public boolean isStreamed() {
    return streamed;
  }

  /** The headers that tell the client what was done. */
  public List<Header> headers() {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("x-request-id", call.requestId()));
    if (!call.conversation().isEmpty()) {
      headers.add(new Header("x-mantle-conversation", call.conversation()));
    }
    headers.add(new Header("x-mantle-provider", call.asked().providerName()));
    if (!call.found().entities().isEmpty()) {
      String counts =
          call.found().entities().entrySet().stream()
              .map(e -> e.getKey() + "=" + e.getValue())
              .collect(Collectors.joining(","));
      headers.add(new Header("x-mantle-entities", counts));
    }
    if (call.found().detectOnly()) {
      headers.add(new Header("x-mantle-mode", "detect_only"));
    }
    return headers;
  }

  /** Takes a piece of the provider's body; returns what the client gets now, possibly nothing. */
  public byte[] accept(byte[] piece) throws RefusedException {
    try {
      return body.accept(piece);
    } catch (AnswerBlockedException e) {
      throw blocked(e);
    }
  }

  /** How much of a stream is held back now, a character of restored text counted as a byte. */
  public long heldBytes() {
    return body.heldBytes();
  }

  /** Whether the provider has said that nothing follows, though the body goes on to its end. */
  public boolean isOver() {
    return body.isOver();
  }

  /** Ends the body; returns the rest. */
  public byte[] finish() throws RefusedException {
    try {
      return body.finish();
    } catch (AnswerBlockedException e) {
      throw blocked(e);
    }
  }

  private static RefusedException blocked(AnswerBlockedException blocked) {
    return new RefusedException(
        blocked
            .type()
            .map(
                type ->
                    new Refusal(
                        403,
                        "invalid_request_error",
                        "answer_blocked",
                        "The policy does not let the answer through: it has %s that the request did not have."
                            .formatted(type),
                        null,
                        false))
            .orElseGet(
                () ->
                    new Refusal(
                        502,
                        "api_error",
                        "answer_not_examined",
                        "The answer could not be examined, as this tenant's policy asks for.",
                        null,
                        false)));
  }

  /**
   * The id under which the provider stores the answer, where it is to be kept; null until it is
   * known.
   */
  public @Nullable String answerId() {
    return body.answerId();
  }

  /** What the model said so far, by which its tokens are estimated. */
  public SaidText said() {
    return body.said();
  }

  /**
   * What the provider said it cost; an estimate where it only said what it had cost when it began.
   * Null where it has not said so.
   */
  public @Nullable TokenCounts tokens() {
    return body.tokens();
  }
}
