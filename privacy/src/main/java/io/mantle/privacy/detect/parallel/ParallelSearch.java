package io.mantle.privacy.detect.parallel;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.parallel.Pieces.Piece;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Asks a detector about many texts, with help where there is enough to search. Long texts are cut.
 *
 * <p>Guarantees: the spans are the same on any number of threads; of each text they are in order
 * and do not overlap. Safe for use by many threads.
 */
public final class ParallelSearch {
  /** With fewer characters in all texts together, waking another thread costs what it gains. */
  static final int CHARS_MIN = 4 * 1024;

  private final Workers workers;

  public ParallelSearch(Workers workers) {
    this.workers = workers;
  }

  /** The spans of each text. */
  public List<List<Span>> detect(Detector detector, List<Plaintext> texts) {
    List<Piece> pieces = Pieces.of(texts);
    List<List<Span>> found = search(detector, pieces);
    if (pieces.size() == texts.size()) {
      return found;
    }
    List<List<Span>> byText = new ArrayList<>(texts.size());
    int next = 0;
    for (int text = 0; text < texts.size(); text++) {
      List<Span> spans = new ArrayList<>();
      for (; next < pieces.size() && pieces.get(next).text() == text; next++) {
        addApart(spans, found.get(next));
      }
      byText.add(spans);
    }
    return byText;
  }

  private List<List<Span>> search(Detector detector, List<Piece> pieces) {
    long chars = 0;
    for (Piece piece : pieces) {
      chars += piece.searched().length();
    }
    Workers helped = chars < CHARS_MIN ? Workers.NONE : workers;
    // Where two threads search the same piece they find the same, and the first to say so is heard.
    AtomicReferenceArray<@Nullable List<Span>> found = new AtomicReferenceArray<>(pieces.size());
    helped.run(
        pieces.size(),
        i -> {
          Piece piece = pieces.get(i);
          found.compareAndSet(i, null, piece.owned(detector.detect(piece.searched())));
        });
    List<List<Span>> all = new ArrayList<>(pieces.size());
    for (int i = 0; i < pieces.size(); i++) {
      all.add(Objects.requireNonNull(found.get(i)));
    }
    return all;
  }

  /** A span that reaches over a cut goes before what the next piece found of it. */
  private static void addApart(List<Span> spans, List<Span> next) {
    int free = spans.isEmpty() ? 0 : spans.getLast().end();
    for (Span span : next) {
      if (span.start() >= free) {
        spans.add(span);
      } else if (span.end() > free) {
        spans.add(new Span(free, span.end(), span.type(), span.score()));
      }
    }
  }
}
