package io.mantle.privacy.detect;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.List;
import java.util.TreeMap;

/**
 * Keeps spans of which none overlap. Of two that do, the one that was reported first stays whole,
 * so recognizers are asked in the order of their certainty; of the other, what sticks out stays if
 * enough of it is left to mean something: better a clipped number masked than a whole one leaked.
 * Not for several threads at once.
 */
public final class SpanMerge {
  private static final int CLIPPED_READABLE_MIN = 4;

  private final Passage passage;
  private final TreeMap<Integer, Span> byStart = new TreeMap<>();

  SpanMerge(Passage passage) {
    this.passage = passage;
  }

  /** For spans of {@code text}. */
  public SpanMerge(Plaintext text) {
    this(new Passage(text.reveal()));
  }

  /** Takes the whole span, what is free of it, or nothing; spans may come in any order. */
  public void add(Span span) {
    var last = byStart.lowerEntry(span.end());
    if (last == null || last.getValue().end() <= span.start()) {
      byStart.put(span.start(), span);
      return;
    }
    if (span.type() == EntityType.EMAIL || span.type() == EntityType.URL) {
      return; // a host or a scheme without the rest says nothing of anybody
    }
    List<Span> kept = List.copyOf(byStart.subMap(firstReaching(span.start()), span.end()).values());
    int free = span.start();
    for (Span other : kept) {
      addRest(span, free, other.start());
      free = Math.max(free, other.end());
    }
    addRest(span, free, span.end());
  }

  /** The start of the first kept span that ends behind {@code start}. */
  private int firstReaching(int start) {
    var before = byStart.lowerEntry(start);
    return before != null && before.getValue().end() > start ? before.getKey() : start;
  }

  private void addRest(Span whole, int from, int to) {
    int start = from;
    int end = to;
    // What the whole span begins or ends with belongs to it; only at a cut are there loose marks.
    while (start > whole.start() && start < end && !CharClass.isWord(passage.at(start))) {
      start++;
    }
    while (end < whole.end() && end > start && !CharClass.isWord(passage.at(end - 1))) {
      end--;
    }
    int readable = 0;
    for (int i = start; i < end && readable < CLIPPED_READABLE_MIN; i++) {
      readable += CharClass.isWord(passage.at(i)) ? 1 : 0;
    }
    if (readable == CLIPPED_READABLE_MIN) {
      byStart.put(start, new Span(start, end, whole.type(), whole.score()));
    }
  }

  /** What was kept, in order of start. */
  public List<Span> spans() {
    return List.copyOf(byStart.values());
  }
}
