package io.mantle.extproc.stream;

import io.mantle.extproc.request.Admission.Admitted;
import io.mantle.extproc.response.ResponsePipeline;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.RequestHead;
import io.mantle.extproc.value.Way;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All there is to know of how far an exchange has come. */
sealed interface State {

  /** Nothing was said yet. */
  record AwaitingHead() implements State {}

  /** The head was let in; the body is to come. */
  record AwaitingBody(RequestHead head, Admitted admitted) implements State {}

  /** The body is worked on by another thread; nothing is due from Envoy. */
  record Working(RequestHead head, Admitted admitted) implements State {}

  /** The request has left; the answer is to come. */
  record Departed(Admitted admitted, Way way, Call call, long departedNanos) implements State {}

  /**
   * The answer is coming in, and going out.
   *
   * @param unsent whether it is Envoy's own, who refused to send the request
   */
  record Answering(
      Admitted admitted,
      Call call,
      boolean unsent,
      long departedNanos,
      int status,
      List<String> withheld,
      ResponsePipeline pipeline,
      Progress progress)
      implements State {}

  /** Nothing that Envoy may still say matters. */
  record Over() implements State {}

  /** How much of an answer has gone out. */
  final class Progress {
    boolean headSent;
    long bytesSent;
    long firstByteNanos;

    /** Whether the provider has said all of it. */
    boolean whole;

    /** Whether its id was seen, and is kept or being kept. */
    boolean idSeen;

    /** Whether another thread still keeps it; the end of the answer waits for that. */
    boolean idPending;

    @Nullable Runnable end;
  }
}
