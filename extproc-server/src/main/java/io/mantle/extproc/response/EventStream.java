package io.mantle.extproc.response;

import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.tokens.SaidText;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.TokenCounts;
import io.mantle.privacy.produced.AnswerBlockedException;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body of server-sent events (WHATWG HTML, 9.2). Finds where each event ends, and passes on what
 * {@link EventRestorer} makes of its data; comments, ids, retry fields, unknown fields and their
 * order stay.
 */
final class EventStream implements BodyRestorer {
  /** A larger event is none that a model said. */
  private static final int EVENT_BYTES_MAX = 16 << 20;

  private final EventRestorer events;
  private final Bytes pending = new Bytes();

  /**
   * How much of {@code pending} has been looked at, and where in it the line begins that is being
   * looked at.
   */
  private int scanned;

  private int lineStart;

  /** Why no further event leaves, once what came before has left. */
  private @Nullable AnswerBlockedException blocked;

  private @Nullable RefusedException refused;

  EventStream(Call.Answer answer, Dialect dialect, StreamLimits limits) {
    this.events = new EventRestorer(answer, dialect, limits);
  }

  @Override
  public byte[] accept(byte[] piece) throws RefusedException {
    goOn();
    pending.append(piece);
    ByteArrayOutputStream out = new ByteArrayOutputStream(piece.length + 64);
    for (scanned = pending.lineEnd(scanned);
        scanned < pending.length();
        scanned = pending.lineEnd(scanned)) {
      byte b = pending.at(scanned);
      if (b == '\r' && scanned + 1 == pending.length()) {
        break; // a line feed may follow, and belong to it
      }
      boolean blank = scanned == lineStart;
      scanned += b == '\r' && pending.at(scanned + 1) == '\n' ? 2 : 1;
      lineStart = scanned;
      if (blank) {
        try {
          emit(pending.take(scanned), out);
        } catch (AnswerBlockedException e) {
          blocked = e;
          break;
        } catch (RefusedException e) {
          refused = e;
          break;
        }
        scanned = 0;
        lineStart = 0;
      }
    }
    if (out.size() == 0) {
      goOn();
    }
    if (pending.length() > EVENT_BYTES_MAX) {
      throw new RefusedException(
          new Refusal(
              502,
              "api_error",
              "event_too_large",
              "An event of the stream is too large.",
              null,
              false));
    }
    return out.toByteArray();
  }

  @Override
  public byte[] finish() throws RefusedException {
    goOn();
    return events.finish(Event.read(pending.takeAll()));
  }

  private void goOn() throws RefusedException {
    AnswerBlockedException why = blocked;
    if (why != null) {
      throw why;
    }
    RefusedException refusal = refused;
    if (refusal != null) {
      throw refusal;
    }
  }

  private void emit(byte[] bytes, ByteArrayOutputStream out) throws RefusedException {
    out.writeBytes(events.restore(Event.read(bytes)));
  }

  @Override
  public SaidText said() {
    return events.said();
  }

  @Override
  public long heldBytes() {
    return pending.length() + events.heldChars();
  }

  @Override
  public @Nullable String answerId() {
    return events.answerId();
  }

  @Override
  public boolean isOver() {
    return events.isOver();
  }

  @Override
  public @Nullable TokenCounts tokens() {
    return events.tokens();
  }
}
