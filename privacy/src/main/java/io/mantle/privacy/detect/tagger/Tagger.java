package io.mantle.privacy.detect.tagger;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds the best sequence of labels for a text (Viterbi) and reads the entities off it.
 *
 * <p>Guarantees: safe for many threads; the same text gives the same entities; time is linear in
 * the text, memory bounded whatever its length.
 */
public final class Tagger {
  private static final int LANES = TaggerModel.LANES;

  /** Lower than any sum of weights, and far from overflow when more is added. */
  private static final int IMPOSSIBLE = -1 << 28;

  private final TaggerModel model;
  private final int outsideBias;

  public Tagger(TaggerModel model, Recall recall) {
    this(model, recall.bias());
  }

  /** With a bias between those of {@link Recall}: to measure what it trades. */
  public Tagger(TaggerModel model, float bias) {
    this.model = model;
    this.outsideBias = Math.round(bias / model.step());
  }

  /** All entities of a text, in order, none overlapping. */
  public List<Found> find(String text) {
    List<Found> found = new ArrayList<>();
    Tokens tokens = new Tokens(text);
    Features features = new Features(model.tableBits());
    int[] rows = new int[Features.FEATURES_MAX];
    int[] scores = {};
    byte[] previous = {};
    int at = 0;
    while (at < text.length()) {
      at = tokens.fill(at);
      int size = tokens.size();
      if (size == 0) {
        continue;
      }
      tokens.look(model.lexicon());
      if (scores.length < size * LANES) {
        scores = new int[size * LANES];
        previous = new byte[size * LANES];
      }
      for (int i = 0; i < size; i++) {
        int count = features.describe(tokens, i, rows);
        model.score(rows, count, scores, i * LANES);
        scores[i * LANES] -= outsideBias;
      }
      int last = walk(scores, previous, size);
      read(tokens, scores, previous, last, found);
    }
    return found;
  }

  /** Fills in which label best precedes each label of each token; returns the best last label. */
  private int walk(int[] scores, byte[] previous, int size) {
    int[] transitions = model.transitions();
    int[] best = new int[LANES];
    int[] next = new int[LANES];
    for (int label = 0; label < Kind.LABELS; label++) {
      best[label] = Kind.isFurther(label) ? IMPOSSIBLE : scores[label];
    }
    for (int i = 1; i < size; i++) {
      int row = i * LANES;
      for (int label = 0; label < Kind.LABELS; label++) {
        int from;
        int top;
        if (Kind.isFurther(label)) {
          int begun = best[label - 1] + transitions[(label - 1) * Kind.LABELS + label];
          int gone = best[label] + transitions[label * Kind.LABELS + label];
          from = begun > gone ? label - 1 : label;
          top = Math.max(begun, gone);
        } else {
          from = 0;
          top = best[0] + transitions[label];
          for (int p = 1; p < Kind.LABELS; p++) {
            int value = best[p] + transitions[p * Kind.LABELS + label];
            if (value > top) {
              top = value;
              from = p;
            }
          }
        }
        next[label] = top + scores[row + label];
        previous[row + label] = (byte) from;
      }
      int highest = next[0];
      for (int label = 1; label < Kind.LABELS; label++) {
        highest = Math.max(highest, next[label]);
      }
      for (int label = 0; label < Kind.LABELS; label++) {
        // Relative to the best, so that the sums of a long text do not overflow.
        best[label] = Math.max(next[label] - highest, IMPOSSIBLE);
      }
    }
    int last = 0;
    for (int label = 1; label < Kind.LABELS; label++) {
      if (best[label] > best[last]) {
        last = label;
      }
    }
    return last;
  }

  private void read(Tokens tokens, int[] scores, byte[] previous, int last, List<Found> found) {
    int size = tokens.size();
    byte[] labels = new byte[size];
    int label = last;
    for (int i = size - 1; i >= 0; i--) {
      labels[i] = (byte) label;
      label = previous[i * LANES + label];
    }
    int i = 0;
    while (i < size) {
      int first = labels[i];
      if (first == Kind.OUTSIDE) {
        i++;
        continue;
      }
      int from = i;
      long margin = 0;
      do {
        margin += scores[i * LANES + labels[i]] - scores[i * LANES];
        i++;
      } while (i < size && Kind.isFurther(labels[i]));
      double mean = margin * (double) model.step() / (i - from);
      found.add(
          new Found(
              tokens.start(from),
              tokens.end(i - 1),
              Kind.of(first),
              1 / (1 + StrictMath.exp(-mean))));
    }
  }
}
