package io.mantle.privacy.produced;

import io.mantle.privacy.rehydrate.Rehydrator;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks through a text segment by segment. Where one ends depends on the text alone, so that a text
 * in pieces gives what it gives whole: behind a line feed, or behind the first white space after
 * {@link #SEGMENT_CHARS} characters, at the latest after twice as many. A segment is read together
 * with what stands before it.
 */
final class TextScanner implements Scanner {
  static final int SEGMENT_CHARS = 240;
  private static final int SEGMENT_CHARS_MAX = 2 * SEGMENT_CHARS;
  private static final int CONTEXT_CHARS = 240;

  private final AnswerScan scan;

  /** What has left and is still context, then what is held. */
  private final StringBuilder text = new StringBuilder();

  private final List<Rehydrator.Restored> restored = new ArrayList<>();
  private int left;
  private int looked;

  TextScanner(AnswerScan scan) {
    this.scan = scan;
  }

  @Override
  public String accept(String piece, List<Rehydrator.Restored> known) {
    int base = text.length();
    known.forEach(
        range -> restored.add(new Rehydrator.Restored(base + range.start(), base + range.end())));
    text.append(piece);
    StringBuilder out = new StringBuilder();
    while (looked < text.length()) {
      looked++;
      if (endsSegment(looked)) {
        release(looked, out);
      }
    }
    return out.toString();
  }

  @Override
  public String finish() {
    StringBuilder out = new StringBuilder();
    release(text.length(), out);
    return out.toString();
  }

  @Override
  public int heldChars() {
    return text.length() - left;
  }

  private boolean endsSegment(int end) {
    char last = text.charAt(end - 1);
    int length = end - left;
    return last == '\n'
        || (length >= SEGMENT_CHARS && Character.isWhitespace(last))
        || (length >= SEGMENT_CHARS_MAX && !Character.isHighSurrogate(last));
  }

  private void release(int end, StringBuilder out) {
    if (end == left) {
      return;
    }
    int done = left;
    for (Span span : scan.produced(text.substring(0, end))) {
      if (span.end() > done && !isRestored(span)) {
        // What began in the segment before has left in part.
        int start = Math.max(span.start(), done);
        out.append(text, done, start).append(scan.mask(span.type()));
        done = span.end();
      }
    }
    out.append(text, done, end);
    forget(end);
  }

  private boolean isRestored(Span span) {
    return restored.stream()
        .anyMatch(range -> range.start() < span.end() && span.start() < range.end());
  }

  /** Keeps what is context for the next segment. */
  private void forget(int end) {
    int from = Math.max(0, end - CONTEXT_CHARS);
    if (from > 0 && Character.isLowSurrogate(text.charAt(from))) {
      from++;
    }
    int gone = from;
    text.delete(0, gone);
    left = end - gone;
    looked = left;
    restored.replaceAll(
        range -> new Rehydrator.Restored(Math.max(0, range.start() - gone), range.end() - gone));
    restored.removeIf(range -> range.end() <= 0);
  }
}
