package io.mantle.privacy.detect;

import io.mantle.privacy.detect.disguise.Unmasked;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.detect.recognizer.Recognizer;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A detector that asks recognizers one after the other, the most certain ones first. */
final class RecognizerChain implements Detector, Tiers {
  private final List<Recognizer> recognizers;

  RecognizerChain(List<Recognizer> recognizers) {
    this.recognizers = List.copyOf(recognizers);
  }

  @Override
  public List<Span> detect(Plaintext text) {
    Passage passage = new Passage(text.reveal());
    SpanMerge merge = new SpanMerge(passage);
    recognize(passage, Unmasked.of(passage), merge::add);
    return merge.spans();
  }

  @Override
  public RecognizerChain forRequest() {
    return this;
  }

  @Override
  public boolean mayBlock() {
    return false;
  }

  @Override
  public void recognize(Passage passage, @Nullable Unmasked unmasked, Consumer<Span> found) {
    if (unmasked != null) {
      // First, so that a value in disguise is one span and not what shows through of it.
      for (Unmasked.Piece piece : unmasked.pieces()) {
        recognize(
            piece.passage(),
            span -> {
              Span original = unmasked.original(span, piece);
              if (original != null) {
                found.accept(original);
              }
            });
      }
    }
    recognize(passage, found);
  }

  private void recognize(Passage passage, Consumer<Span> found) {
    for (Recognizer recognizer : recognizers) {
      recognizer.recognize(passage, found);
    }
  }
}
