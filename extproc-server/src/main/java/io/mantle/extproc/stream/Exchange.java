package io.mantle.extproc.stream;

import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.dialect.ErrorShape;
import io.mantle.extproc.limit.Verdict;
import io.mantle.extproc.request.Admission;
import io.mantle.extproc.request.Admission.Admitted;
import io.mantle.extproc.request.RequestPipeline;
import io.mantle.extproc.response.ResponsePipeline;
import io.mantle.extproc.stream.State.Progress;
import io.mantle.extproc.usage.UsageBooks;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.Departure;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.Outcome;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.Reply;
import io.mantle.extproc.value.RequestHead;
import io.mantle.extproc.value.ResponseHead;
import io.mantle.extproc.value.Stage;
import io.mantle.extproc.value.Trail;
import io.mantle.extproc.value.UsageRecord;
import io.mantle.logging.Scrubber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP exchange: what Envoy says of it, in order, and what it gets back.
 *
 * <p>This is the backstop. Whatever fails, in whichever stage, ends here as a refusal, an error
 * event or a failed call, which Envoy answers by failing the exchange; never as a body that passes
 * unworked. A clean end of the call would make Envoy let everything pass, so {@link #onHalfClose}
 * ends it cleanly only once the answer is whole.
 *
 * <p>The books come first: an exchange is in them before its request leaves, and how it ended
 * before the end is sent.
 *
 * <p>Calls come one at a time from gRPC; work that was handed to {@link HeavyWork} comes back on
 * another thread and takes the same lock.
 */
final class Exchange extends ServerCall.Listener<ProcessingRequest> {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  /** What Envoy gives a request that has none. */
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");

  private final ServerCall<ProcessingRequest, ProcessingResponse> call;
  private final RequestPipeline requests;
  private final HeavyWork heavyWork;
  private final BytesInFlight bytesInFlight;
  private final Allowance allowance;
  private final Entry entry;
  private final Observation seen;

  private State state = new State.AwaitingHead();
  private String requestId = "";
  private LogNote note = LogNote.NONE;
  private ErrorShape errors = ErrorShape.OPENAI;
  private int bytesTaken;
  private boolean ended;

  /** Whether a task of ours still holds the body, even if nobody waits for it any more. */
  private boolean workPending;

  Exchange(
      ServerCall<ProcessingRequest, ProcessingResponse> call,
      RequestPipeline requests,
      HeavyWork heavyWork,
      BytesInFlight bytesInFlight,
      Allowance allowance,
      UsageBooks books,
      Observer observer) {
    this.call = call;
    this.requests = requests;
    this.heavyWork = heavyWork;
    this.bytesInFlight = bytesInFlight;
    this.allowance = allowance;
    this.entry = new Entry(books, allowance);
    this.seen = new Observation(observer);
    call.request(1);
  }

  @Override
  public void onMessage(ProcessingRequest message) {
    synchronized (this) {
      seen.nameInLog();
      try {
        handle(message);
      } catch (RefusedException e) {
        refuse(e.refusal());
      } catch (Exception | Error e) {
        fail(e);
      } finally {
        LogIds.clear();
      }
    }
    call.request(1);
  }

  private void handle(ProcessingRequest message) throws RefusedException {
    switch (state) {
      case State.AwaitingHead _ when message.hasRequestHeaders() ->
          onRequestHead(message.getRequestHeaders());
      case State.AwaitingBody awaiting when message.hasRequestBody() ->
          onRequestBody(awaiting, message.getRequestBody());
      case State.Departed departed when message.hasResponseHeaders() ->
          onResponseHead(departed, message.getResponseHeaders(), AnsweredBy.of(message));
      case State.Answering answering when message.hasResponseBody() ->
          onResponseBody(answering, message.getResponseBody());
      case State.Answering answering when message.hasResponseTrailers() ->
          onResponseTrailers(answering);
      case State.Over _ -> {}
      case State.AwaitingHead _,
          State.AwaitingBody _,
          State.Working _,
          State.Departed _,
          State.Answering _ ->
          throw new IllegalStateException(
              message.getRequestCase() + " while " + state.getClass().getSimpleName());
    }
  }

  private void onRequestHead(HttpHeaders message) throws RefusedException {
    RequestHead head = Messages.requestHead(message);
    String named = head.header("x-request-id");
    requestId = named != null && isId(named) ? named : UUID.randomUUID().toString();
    errors = RequestPipeline.errors(head);
    seen.begin(requestId, head.header("traceparent"));
    note = seen.note(Endpoint.of(head.method(), head.path()));
    seen.nameInLog();
    switch (requests.admit(head, requestId)) {
      case Admission.Answered(Reply reply) -> {
        call.sendMessage(Answers.immediate(withRequestId(reply), true, note));
        state = new State.Over();
      }
      case Admission.WithoutBody request -> {
        Work work = () -> requests.depart(request);
        onceAllowed(
            new State.Working(head, request.admitted()),
            ByteBuffer.allocate(0),
            work,
            requests.mayWait());
      }
      case Admitted admitted -> {
        state = new State.AwaitingBody(head, admitted);
        call.sendMessage(Answers.continueRequestHeaders(note));
      }
    }
  }

  /** It goes to logs and traces: what has the form of a private value is none. */
  private static boolean isId(String named) {
    return UUID_TEXT.matcher(named).matches()
        || (REQUEST_ID.matcher(named).matches() && Scrubber.isClean(named));
  }

  private void onRequestBody(State.AwaitingBody awaiting, HttpBody message)
      throws RefusedException {
    if (!message.getEndOfStream()) {
      // Buffered as it is, a body comes whole; what follows it can only be trailers, which nobody
      // inspects.
      throw new RefusedException(
          Refusal.ofRequest(400, "trailers_refused", "Trailers are not supported."));
    }
    seen.received();
    int size = message.getBody().size();
    if (!bytesInFlight.take(size)) {
      throw new RefusedException(
          Refusal.unavailable("overloaded", "Too much is being worked on right now."));
    }
    bytesTaken = size;
    entry.requestOf(size);
    Work work = () -> requests.depart(awaiting.admitted(), message.getBody().toByteArray());
    onceAllowed(
        new State.Working(awaiting.head(), awaiting.admitted()),
        message.getBody().asReadOnlyByteBuffer(),
        work,
        size >= HeavyWork.BYTES_MIN || awaiting.admitted().mayBlock() || requests.mayWait());
  }

  /** Works on a request if its tenant's limits allow it, which another process may have to say. */
  private void onceAllowed(State.Working working, ByteBuffer body, Work work, boolean later)
      throws RefusedException {
    state = working;
    CompletionStage<Verdict> asked = allowance.ask(working.admitted(), body, entry.begun());
    CompletableFuture<Verdict> verdict = asked == null ? null : asked.toCompletableFuture();
    if (verdict == null || verdict.isDone()) {
      if (verdict != null) {
        allowance.take(verdict.join());
      }
      if (later) {
        departLater(working, work);
      } else {
        depart(working.head(), working.admitted(), work.run());
      }
      return;
    }
    workPending = true;
    // Comes on the thread that talks to Redis, which has no time for the work itself.
    var _ = verdict.whenComplete((answer, failure) -> allowed(working, work, answer, failure));
  }

  private synchronized void allowed(
      State.Working working, Work work, @Nullable Verdict verdict, @Nullable Throwable failure) {
    workPending = false;
    seen.nameInLog();
    try {
      if (verdict == null) {
        fail(failure == null ? new IllegalStateException("no verdict") : failure);
      } else {
        allowance.take(verdict);
        if (state.equals(working)) {
          departLater(working, work);
        } else { // the client left meanwhile
          allowance.settleUnused();
        }
      }
    } catch (RefusedException e) {
      refuse(e.refusal());
    } catch (Exception | Error e) {
      fail(e);
    } finally {
      LogIds.clear();
    }
    if (!workPending) {
      giveBack();
    }
  }

  /** What makes of a request what may leave. */
  private interface Work {
    Departure run() throws RefusedException;
  }

  private void departLater(State.Working working, Work work) throws RefusedException {
    Predicate<Runnable> threads =
        working.admitted().mayBlock()
            ? heavyWork::offerBlocking
            : requests.mayWait() ? heavyWork::offerAsking : heavyWork::offer;
    if (!threads.test(named(() -> work(working, work)))) {
      throw new RefusedException(
          Refusal.unavailable("overloaded", "Too much is being worked on right now."));
    }
    state = working;
    workPending = true;
  }

  /** A task whose thread names this exchange to whatever it logs. */
  private Runnable named(Runnable task) {
    return () -> {
      seen.nameInLog();
      try {
        task.run();
      } finally {
        LogIds.clear();
      }
    };
  }

  /** On a thread of {@link HeavyWork}. Without the lock while it masks. */
  private void work(State.Working working, Work work) {
    @Nullable Departure departure = null;
    @Nullable Throwable failure = null;
    if (isStill(working)) {
      try {
        departure = work.run();
      } catch (Exception | Error e) {
        failure = e;
      }
    }
    synchronized (this) {
      workPending = false;
      if (!state.equals(working)) { // the client left meanwhile
        giveBack();
        return;
      }
      try {
        if (failure instanceof RefusedException refused) {
          refuse(refused.refusal());
        } else if (departure == null) {
          fail(failure == null ? new IllegalStateException("no work was done") : failure);
        } else {
          depart(working.head(), working.admitted(), departure);
        }
      } catch (Exception | Error e) {
        fail(e);
      }
    }
  }

  private synchronized boolean isStill(State expected) {
    return state.equals(expected);
  }

  private void depart(RequestHead head, Admitted admitted, Departure departure) {
    entry.open(admitted, departure);
    state = new State.Departed(admitted, departure.way(), departure.call(), System.nanoTime());
    seen.departed(departure, admitted);
    int step = admitted.tenant().limits().ladderStep();
    call.sendMessage(
        head.bodyFollows()
            ? Answers.departure(departure, step, head)
            : Answers.departureWithoutBody(departure, step, head, note));
  }

  private void onResponseHead(State.Departed departed, HttpHeaders message, AnsweredBy by)
      throws RefusedException {
    ResponseHead head = Messages.responseHead(message);
    Call answered = by.in(departed.way(), departed.call());
    if (by.addressIsRefused()) {
      AuditLog.addressRefused(departed.admitted().caller(), requestId, answered.asked());
    }
    State.Answering answering =
        new State.Answering(
            departed.admitted(),
            answered,
            by.isRefusal(),
            departed.departedNanos(),
            head.status(),
            Messages.withheld(message),
            ResponsePipeline.begin(answered, departed.admitted().endpoint().dialect(), head),
            new Progress());
    state = answering;
    if (answering.unsent()) {
      seen.refusedByEnvoy(head.status());
    }
    if (!head.bodyFollows()) {
      settle(outcome(head.status()), head.status());
    }
    if (answering.pipeline().isStreamed() || !head.bodyFollows()) {
      sendHead(answering);
    }
  }

  /**
   * A whole answer's head waits for its body: until then, whatever fails can still be said in its
   * place.
   */
  private void sendHead(State.Answering answering) {
    if (!answering.progress().headSent) {
      answering.progress().headSent = true;
      List<Header> headers = new ArrayList<>();
      if (answering.unsent()) { // nobody answered, and what was reserved is given back
        headers.add(new Header("x-request-id", requestId));
      } else {
        headers.addAll(answering.pipeline().headers());
        headers.addAll(allowance.headers());
        headers.add(seen.serverTiming(answering.admitted().trail()));
      }
      call.sendMessage(Answers.responseHeaders(headers, answering.withheld()));
    }
  }

  private void onResponseBody(State.Answering answering, HttpBody message) throws RefusedException {
    Progress progress = answering.progress();
    if (progress.whole) {
      return; // nothing comes after the end
    }
    if (progress.firstByteNanos == 0 && !message.getBody().isEmpty()) {
      progress.firstByteNanos = System.nanoTime();
    }
    ResponsePipeline pipeline = answering.pipeline();
    Trail trail = answering.admitted().trail();
    byte[] piece = message.getBody().toByteArray();
    seen.answered(piece, pipeline.isStreamed());
    trail.begin();
    byte[] out = pipeline.accept(piece);
    seen.held(pipeline.heldBytes());
    if (message.getEndOfStream()) {
      byte[] rest = pipeline.finish();
      trail.lap(Stage.REHYDRATE);
      // In one message: each costs Envoy and this server more than the copy.
      byte[] last = out.length == 0 ? rest : concat(out, rest);
      end(
          answering,
          () -> {
            sendHead(answering);
            ProcessingResponse end = body(progress, last, true);
            settle(outcome(answering.status()), answering.status());
            call.sendMessage(end);
          });
    } else {
      trail.lap(Stage.REHYDRATE);
      keepId(answering);
      if (out.length > 0) {
        sendBody(progress, out);
      }
    }
  }

  /** Sends the end of an answer; once its id is kept, since the next request may name it. */
  private void end(State.Answering answering, Runnable end) {
    Progress progress = answering.progress();
    progress.whole = true;
    keepId(answering);
    if (progress.idPending) {
      progress.end = end;
    } else {
      end.run();
    }
  }

  private void keepId(State.Answering answering) {
    Progress progress = answering.progress();
    String id = progress.idSeen ? null : answering.pipeline().answerId();
    if (id == null) {
      return;
    }
    progress.idSeen = true;
    if (requests.mayWait()) {
      // Where too many wait the id is not kept: the answer is there, and comes first.
      progress.idPending = heavyWork.offerAsking(named(() -> keepId(answering, id)));
      if (!progress.idPending) {
        requests.notAnswered();
      }
    } else {
      requests.answered(answering.admitted(), answering.call(), id);
    }
  }

  /** On a thread of {@link HeavyWork}. Without the lock while it waits. */
  private void keepId(State.Answering answering, String id) {
    try {
      requests.answered(answering.admitted(), answering.call(), id);
    } finally {
      synchronized (this) {
        answering.progress().idPending = false;
        Runnable end = answering.progress().end;
        if (end != null && state.equals(answering)) {
          try {
            end.run();
          } catch (Exception | Error e) {
            fail(e);
          }
        }
      }
    }
  }

  private void onResponseTrailers(State.Answering answering) throws RefusedException {
    if (answering.progress().whole) {
      return;
    }
    byte[] rest = answering.pipeline().finish();
    end(
        answering,
        () -> {
          sendHead(answering);
          if (rest.length > 0) {
            sendBody(answering.progress(), rest);
          }
          settle(outcome(answering.status()), answering.status());
          call.sendMessage(Answers.responseTrailers(answering.progress().bytesSent));
        });
  }

  private void sendBody(Progress progress, byte[] piece) {
    call.sendMessage(body(progress, piece, false));
  }

  private ProcessingResponse body(Progress progress, byte[] piece, boolean end) {
    progress.bytesSent += piece.length;
    seen.sent();
    return Answers.responseBody(piece, progress.bytesSent, end);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static Outcome outcome(int status) {
    return status >= 400 ? Outcome.PROVIDER_ERROR : Outcome.COMPLETED;
  }

  /** Says no, in the form that the exchange has left for it. */
  private void refuse(Refusal refusal) {
    if (!(state instanceof State.Over)) {
      seen.refused(refusal);
    }
    switch (state) {
      case State.AwaitingHead _, State.AwaitingBody _, State.Working _ -> {
        settle(Outcome.REFUSED, refusal.status());
        call.sendMessage(Answers.immediate(reply(refusal), true, note));
      }
      case State.Departed _ -> {
        settle(Outcome.BROKEN, refusal.status());
        call.sendMessage(Answers.immediate(reply(refusal), false, note));
      }
      case State.Answering answering -> {
        ProcessingResponse end =
            answering.progress().headSent
                ? body(answering.progress(), errors.event(refusal), true)
                : Answers.immediate(reply(refusal), false, note);
        settle(Outcome.BROKEN, refusal.status());
        call.sendMessage(end);
      }
      case State.Over _ -> {}
    }
  }

  /**
   * A defect. Nobody is told more than where to look; the message of an exception may quote a body,
   * so it is not logged.
   */
  private void fail(Throwable defect) {
    StackTraceElement[] trace = defect.getStackTrace();
    log.error(
        "exchange {} failed: {} at {}",
        requestId,
        defect.getClass().getName(),
        trace.length > 0 ? trace[0] : "?");
    if (state instanceof State.Over) { // the end was in the books and could not be sent
      end(Status.INTERNAL);
      return;
    }
    try {
      refuse(
          new Refusal(
              state instanceof State.Answering || state instanceof State.Departed ? 502 : 500,
              "api_error",
              "internal_error",
              "The gateway failed on this request. Its log names it by x-request-id.",
              null,
              true));
    } catch (RuntimeException | Error e) {
      settle(Outcome.BROKEN, 0);
      end(Status.INTERNAL);
    }
  }

  private Reply reply(Refusal refusal) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("content-type", "application/json"));
    headers.add(new Header("x-request-id", requestId));
    headers.addAll(allowance.headers());
    if (!refusal.retryable()) {
      headers.add(new Header("x-should-retry", "false"));
    } else if (refusal.status() == 503) {
      headers.add(new Header("retry-after", "1"));
    }
    return new Reply(refusal.status(), headers, errors.body(refusal));
  }

  private Reply withRequestId(Reply reply) {
    List<Header> headers = new ArrayList<>(reply.headers());
    headers.add(new Header("x-request-id", requestId));
    return new Reply(reply.status(), headers, reply.body());
  }

  /** Ends the exchange: one row in the books, memory given back. */
  private void settle(Outcome outcome, int status) {
    State settled = state;
    state = new State.Over();
    if (!workPending) {
      giveBack();
    }
    switch (settled) {
      case State.AwaitingHead _ -> seen.over(null, new Trail());
      case State.Over _ -> {}
      case State.AwaitingBody awaiting ->
          over(awaiting.admitted(), entry.closeUnsent(awaiting.admitted(), outcome, status));
      case State.Working working ->
          over(working.admitted(), entry.closeUnsent(working.admitted(), outcome, status));
      case State.Departed departed ->
          over(departed.admitted(), entry.close(departed, outcome, status, requestId));
      case State.Answering answering ->
          over(answering.admitted(), entry.close(answering, outcome, status, requestId));
    }
  }

  private void over(Admitted admitted, UsageRecord usage) {
    // A task that goes on for nobody still writes on the trail.
    seen.over(usage, workPending ? new Trail() : admitted.trail());
  }

  private void giveBack() {
    bytesInFlight.giveBack(bytesTaken);
    bytesTaken = 0;
  }

  /** Envoy has no more to say. Only a whole answer ends the call cleanly. */
  @Override
  public void onHalfClose() {
    synchronized (this) {
      boolean whole = state instanceof State.Over;
      left();
      end(whole ? Status.OK : Status.ABORTED);
    }
  }

  private void end(Status status) {
    if (!ended) {
      ended = true;
      call.close(status, new Metadata());
    }
  }

  /** Envoy ended the call: the client left, the provider broke off, or all is done. */
  @Override
  public void onCancel() {
    synchronized (this) {
      left();
    }
  }

  private void left() {
    int status = state instanceof State.Answering answering ? answering.status() : 0;
    seen.nameInLog();
    settle(isOver() ? outcome(status) : Outcome.CANCELLED, status);
    LogIds.clear();
  }

  /** OpenAI's own client leaves once it has read the last event, before the stream ends. */
  private boolean isOver() {
    return state instanceof State.Answering answering
        && answering.progress().headSent
        && answering.pipeline().isOver();
  }
}
