package io.mantle.extproc.stream;

import io.mantle.extproc.request.Admission.Admitted;
import io.mantle.extproc.usage.UsageBooks;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.Departure;
import io.mantle.extproc.value.Outcome;
import io.mantle.extproc.value.TokenCounts;
import io.mantle.extproc.value.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One exchange in the books: opened before its request leaves, closed once, and with that settled
 * with its tenant's limits. Used under the exchange's lock.
 */
final class Entry {
  private final UsageBooks books;
  private final Allowance allowance;
  private final String id = UUID.randomUUID().toString();
  private final Instant begun = Instant.now();
  private final long begunNanos = System.nanoTime();
  private int requestBytes;

  Entry(UsageBooks books, Allowance allowance) {
    this.books = books;
    this.allowance = allowance;
  }

  /** When the exchange began. */
  Instant begun() {
    return begun;
  }

  /** Its body has come, and has so many bytes. */
  void requestOf(int bytes) {
    requestBytes = bytes;
  }

  /** It leaves. */
  void open(Admitted admitted, Departure departure) {
    books.opened(
        record(
            admitted,
            departure.call(),
            new End(Outcome.UNKNOWN, 0, null, allowance.departing(admitted, departure), 0),
            UsageRecord.Worked.NOTHING));
  }

  /** It is over, and its request never left, or never left Envoy. */
  UsageRecord closeUnsent(Admitted admitted, Outcome outcome, int status) {
    End end = new End(outcome, status, null, null, 0);
    settle(end);
    UsageRecord usage = record(admitted, null, end, UsageRecord.Worked.NOTHING);
    books.closed(usage);
    return usage;
  }

  /** It is over before an answer began. */
  UsageRecord close(State.Departed departed, Outcome outcome, int status, String requestId) {
    // Who leaves does not stop a provider from reading what it was sent.
    TokenCounts tokens = outcome == Outcome.CANCELLED ? allowance.estimate() : null;
    return close(
        departed.admitted(), departed.call(), new End(outcome, status, null, tokens, 0), requestId);
  }

  /** It is over, and some of its answer was there. */
  UsageRecord close(State.Answering answering, Outcome outcome, int status, String requestId) {
    if (answering.unsent()) {
      return closeUnsent(answering.admitted(), Outcome.REFUSED, answering.status());
    }
    TokenCounts tokens =
        allowance.cost(
            answering.pipeline().tokens(), answering.pipeline().said(), answering.status());
    long firstByte = answering.progress().firstByteNanos;
    return close(
        answering.admitted(),
        answering.call(),
        new End(
            outcome,
            status,
            firstByte == 0 ? null : Duration.ofNanos(firstByte - answering.departedNanos()),
            tokens,
            answering.progress().bytesSent),
        requestId);
  }

  private UsageRecord close(Admitted admitted, Call sent, End end, String requestId) {
    settle(end);
    AuditLog.linksWithheld(admitted.caller(), requestId, sent.answer().restoration().tally());
    AuditLog.produced(admitted.caller(), requestId, sent.answer().scan());
    UsageRecord usage = record(admitted, sent, end, UsageRecord.Worked.to(sent.answer()));
    books.closed(usage);
    return usage;
  }

  private void settle(End end) {
    if (end.tokens() == null) {
      allowance.settleUnused();
    } else {
      allowance.settle(end.tokens());
    }
  }

  private UsageRecord record(
      Admitted admitted, @Nullable Call sent, End end, UsageRecord.Worked worked) {
    return new UsageRecord(
        id,
        admitted.caller(),
        admitted.endpoint().path(),
        sent == null ? Call.Asked.NOBODY : sent.asked(),
        new UsageRecord.Times(
            begun, Duration.ofNanos(System.nanoTime() - begunNanos), end.firstByte()),
        end.status(),
        end.outcome(),
        end.tokens(),
        new UsageRecord.Size(requestBytes, end.responseBytes()),
        sent == null ? Call.Found.NOTHING : sent.found(),
        worked);
  }

  /** How an exchange ended. */
  private record End(
      Outcome outcome,
      int status,
      @Nullable Duration firstByte,
      @Nullable TokenCounts tokens,
      long responseBytes) {}
}
