package io.mantle.privacy.detect;

import io.mantle.privacy.value.Span;
import java.util.List;
import java.util.TreeMap;

/**
 * Keeps the spans of which none overlap: of two that do, the one that was reported first stays. So
 * recognizers are asked in the order of their certainty.
 */
final class SpanMerge {
  private final TreeMap<Integer, Span> byStart = new TreeMap<>();

  void add(Span span) {
    var before = byStart.lowerEntry(span.end());
    if (before == null || !before.getValue().overlaps(span)) {
      byStart.put(span.start(), span);
    }
  }

  /** In order of start. */
  List<Span> spans() {
    return List.copyOf(byStart.values());
  }
}
