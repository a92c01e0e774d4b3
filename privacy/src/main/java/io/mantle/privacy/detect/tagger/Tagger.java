package io.mantle.privacy.detect.tagger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the entities of a text: each token that belongs to one with enough probability, by the
 * forward and backward sums of a linear-chain CRF.
 *
 * <p>Asking each token, and not the one best sequence of labels, covers more of the entities for
 * the same share of false alarms: a name that is likely one thing or another is covered although
 * "nothing" is the best single guess.
 *
 * <p>Guarantees: safe for many threads; the same text gives the same entities; time is linear in
 * the text, memory bounded whatever its length.
 */
public final class Tagger {
  private static final int LANES = TaggerModel.LANES;
  private static final int LABELS = Kind.LABELS;

  /**
   * The weights are of more features than training kept at a time; this makes up for some of it.
   */
  private static final double TEMPERATURE = 0.7;

  /**
   * Taken from the bias where the language is none whose words the model knows: it is less sure
   * there what is no name.
   */
  private static final float FOREIGN = 1.2f;

  /** Steps below the best label past which a label has no weight. */
  private static final int DEPTH = 1024;

  private final TaggerModel model;
  private final float outsideMax;
  private final float foreignOutsideMax;
  private final float[] factors = new float[DEPTH];
  private final float[] forth = new float[LABELS * LANES];
  private final float[] back = new float[LABELS * LANES];

  public Tagger(TaggerModel model, Recall recall) {
    this(model, recall.bias());
  }

  /** With a bias between those of {@link Recall}: to measure what it trades. */
  public Tagger(TaggerModel model, float bias) {
    this.model = model;
    outsideMax = chance(bias);
    foreignOutsideMax = chance(bias - FOREIGN);
    for (int i = 0; i < DEPTH; i++) {
      factors[i] = (float) StrictMath.exp(-i * (double) model.step() * TEMPERATURE);
    }
    factors[DEPTH - 1] = 0;
    int[] transitions = model.transitions();
    for (int from = 0; from < LABELS; from++) {
      for (int to = 0; to < LABELS; to++) {
        if (Kind.mayFollow(from, to)) {
          double weight = transitions[from * LABELS + to] * (double) model.step();
          forth[from * LANES + to] = (float) StrictMath.exp(weight);
          back[to * LANES + from] = forth[from * LANES + to];
        }
      }
    }
  }

  private static float chance(float bias) {
    return (float) (1 / (1 + StrictMath.exp(-bias)));
  }

  /** All entities of a text, in order, none overlapping. */
  public List<Found> find(String text) {
    List<Found> found = new ArrayList<>();
    Tokens tokens = new Tokens(text);
    Scorer scorer = new Scorer(model);
    int[] scores = new int[LANES];
    float[] emitted = {};
    float[] sums = {};
    int at = 0;
    while (at < text.length()) {
      at = tokens.fill(at);
      int size = tokens.size();
      if (size == 0) {
        continue;
      }
      tokens.look(model.lexicon());
      tokens.look(model.words());
      if (emitted.length < size * LANES) {
        emitted = new float[size * LANES];
        sums = new float[size * LANES];
      }
      for (int i = 0; i < size; i++) {
        scorer.score(tokens, i, scores);
        emit(scores, emitted, i * LANES);
      }
      sumForth(emitted, sums, size);
      multiplyBack(emitted, sums, size);
      read(tokens, sums, tokens.foreign() ? foreignOutsideMax : outsideMax, found);
    }
    return found;
  }

  private void emit(int[] scores, float[] emitted, int to) {
    int top = scores[0];
    for (int label = 1; label < LABELS; label++) {
      top = Math.max(top, scores[label]);
    }
    for (int label = 0; label < LABELS; label++) {
      emitted[to + label] = factors[Math.min(top - scores[label], DEPTH - 1)];
    }
  }

  /** For each token and label the share of the paths from the start that end there. */
  private void sumForth(float[] emitted, float[] sums, int size) {
    float[] next = new float[LANES];
    for (int label = 0; label < LABELS; label++) {
      sums[label] = Kind.isFurther(label) ? 0 : emitted[label];
    }
    for (int i = 1; i < size; i++) {
      int row = i * LANES;
      step(sums, row - LANES, forth, next);
      float total = 0;
      for (int label = 0; label < LABELS; label++) {
        float value = next[label] * emitted[row + label];
        sums[row + label] = value;
        total += value;
      }
      float scale = 1 / Math.max(total, Float.MIN_NORMAL);
      for (int label = 0; label < LABELS; label++) {
        sums[row + label] *= scale;
      }
    }
  }

  /** Times the paths from there to the end: for each token the probabilities of its labels. */
  private void multiplyBack(float[] emitted, float[] sums, int size) {
    float[] behind = new float[LANES];
    float[] through = new float[LANES];
    Arrays.fill(behind, 0, LABELS, 1);
    for (int i = size - 1; i >= 0; i--) {
      int row = i * LANES;
      float total = 0;
      float highest = Float.MIN_NORMAL;
      for (int label = 0; label < LABELS; label++) {
        float value = sums[row + label] * behind[label];
        sums[row + label] = value;
        total += value;
        through[label] = behind[label] * emitted[row + label];
      }
      float scale = 1 / Math.max(total, Float.MIN_NORMAL);
      for (int label = 0; label < LABELS; label++) {
        sums[row + label] *= scale;
      }
      step(through, 0, back, behind);
      for (int label = 0; label < LABELS; label++) {
        highest = Math.max(highest, behind[label]);
      }
      for (int label = 0; label < LABELS; label++) {
        behind[label] /= highest;
      }
    }
  }

  /** A row times a matrix. */
  private static void step(float[] from, int at, float[] matrix, float[] to) {
    Arrays.fill(to, 0);
    for (int p = 0; p < LABELS; p++) {
      float weight = from[at + p];
      int row = p * LANES;
      for (int y = 0; y < LANES; y++) {
        to[y] += weight * matrix[row + y];
      }
    }
  }

  private static void read(Tokens tokens, float[] chances, float most, List<Found> found) {
    int from = 0;
    int open = -1;
    float outside = 0;
    for (int i = 0; i <= tokens.size(); i++) {
      int row = i * LANES;
      boolean inside = i < tokens.size() && chances[row] < most;
      int kind = inside ? likeliest(chances, row) : -1;
      boolean begins =
          kind != open || (kind >= 0 && chances[row + 1 + 2 * kind] > chances[row + 2 + 2 * kind]);
      if (open >= 0 && begins) {
        found.add(
            new Found(tokens.start(from), tokens.end(i - 1), Kind.of(1 + 2 * open), 1 - outside));
        open = -1;
      }
      if (inside && open < 0) {
        open = kind;
        from = i;
        outside = 1;
      }
      if (inside) {
        outside = Math.min(outside, chances[row]);
      }
    }
  }

  private static int likeliest(float[] chances, int row) {
    int best = 0;
    float most = -1;
    for (int kind = 0; kind < LABELS / 2; kind++) {
      float chance = chances[row + 1 + 2 * kind] + chances[row + 2 + 2 * kind];
      if (chance > most) {
        most = chance;
        best = kind;
      }
    }
    return best;
  }
}
