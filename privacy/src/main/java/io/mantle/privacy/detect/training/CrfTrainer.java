package io.mantle.privacy.detect.training;

import io.mantle.privacy.detect.tagger.Kind;
import io.mantle.privacy.detect.tagger.TaggerModel;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Trains a linear-chain CRF by stochastic gradients: AdaGrad, feature dropout, weights averaged
 * over the later epochs. Tokens whose label is not known for certain leave several labels open; the
 * likelihood is then that of all of them together.
 *
 * <p>One thread, and {@code StrictMath} only: the same input gives the same weights anywhere.
 */
final class CrfTrainer {
  private static final int LABELS = Kind.LABELS;
  private static final int LANES = TaggerModel.LANES;
  private static final float RATE = 0.2f;
  private static final double DROPPED = 0.5;
  private static final double GRADIENT_MIN = 2e-3;

  /** Keeps a feature that was seen once from moving as far as one that was seen often. */
  private static final float SQUARES_FIRST = 0.3f;

  /** A stretch to learn from. */
  static final class Sample {
    private final int[] rows;
    private final int[] offsets;
    private final int[] allowed;

    /**
     * The arrays are handed over, not copied.
     *
     * @param rows of all tokens' features
     * @param offsets where each token's rows begin
     * @param allowed for each token the labels it may have, as bits
     */
    Sample(int[] rows, int[] offsets, int[] allowed) {
      this.rows = rows;
      this.offsets = offsets;
      this.allowed = allowed;
    }

    int size() {
      return allowed.length;
    }
  }

  /** What was learnt. */
  static final class Weights {
    private final float[] rows;
    private final double[][] transitions;

    private Weights(float[] rows, double[][] transitions) {
      this.rows = rows;
      this.transitions = transitions;
    }

    /** {@link TaggerModel#LANES} for each row. */
    float[] rows() {
      return rows;
    }

    /** From each label to each. */
    double[][] transitions() {
      return transitions;
    }
  }

  private final float[] weights;
  private final float[] squares;
  private final float[] sums;
  private final double[][] transitions = new double[LABELS][LABELS];
  private final double[][] transitionSquares = new double[LABELS][LABELS];
  private final double[][] transitionSums = new double[LABELS][LABELS];
  private final SplittableRandom dropout;
  private int summed;

  private int[] kept = new int[1 << 12];
  private int[] keptFrom = new int[1];
  private double[][] emitted = {};
  private double[][] forward = {};
  private double[][] backward = {};
  private double[][] gradient = {};

  private CrfTrainer(int tableBits, int seed) {
    dropout = new SplittableRandom(seed);
    weights = new float[LANES << tableBits];
    squares = new float[LANES << tableBits];
    sums = new float[LANES << tableBits];
  }

  /** Learns {@code models} times, each in another order, and takes the mean. */
  static Weights train(
      List<Sample> samples, int tableBits, int models, int epochs, int averagedFrom) {
    float[] rows = new float[LANES << tableBits];
    double[][] transitions = new double[LABELS][LABELS];
    for (int model = 0; model < models; model++) {
      Weights one = trainOne(samples, tableBits, model, epochs, averagedFrom);
      for (int i = 0; i < rows.length; i++) {
        rows[i] += one.rows[i] / models;
      }
      for (int i = 0; i < LABELS; i++) {
        for (int j = 0; j < LABELS; j++) {
          transitions[i][j] += one.transitions[i][j] / models;
        }
      }
    }
    return new Weights(rows, transitions);
  }

  private static Weights trainOne(
      List<Sample> samples, int tableBits, int model, int epochs, int averagedFrom) {
    CrfTrainer trainer = new CrfTrainer(tableBits, 7 + model);
    int[] order = new int[samples.size()];
    Arrays.setAll(order, i -> i);
    Random random = new Random(11 + model);
    for (int epoch = 0; epoch < epochs; epoch++) {
      long start = System.nanoTime();
      for (int i = order.length - 1; i > 0; i--) {
        int other = random.nextInt(i + 1);
        int held = order[i];
        order[i] = order[other];
        order[other] = held;
      }
      double loss = 0;
      for (int i = 0; i < order.length; i++) {
        Sample sample = samples.get(order[i]);
        if (sample.size() > 0) {
          loss += trainer.learn(sample);
        }
        if (epoch >= averagedFrom && (i == order.length / 2 || i == order.length - 1)) {
          trainer.sum();
        }
      }
      System.out.printf(
          "model %d, epoch %d: loss %.4f a text, %.1f s%n",
          model + 1, epoch + 1, loss / order.length, (System.nanoTime() - start) / 1e9);
    }
    return trainer.averaged();
  }

  private void sum() {
    for (int i = 0; i < weights.length; i++) {
      sums[i] += weights[i];
    }
    for (int i = 0; i < LABELS; i++) {
      for (int j = 0; j < LABELS; j++) {
        transitionSums[i][j] += transitions[i][j];
      }
    }
    summed++;
  }

  private Weights averaged() {
    float[] mean = new float[weights.length];
    double[][] between = new double[LABELS][LABELS];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = sums[i] / summed;
    }
    for (int i = 0; i < LABELS; i++) {
      for (int j = 0; j < LABELS; j++) {
        between[i][j] = transitionSums[i][j] / summed;
      }
    }
    return new Weights(mean, between);
  }

  private void reserve(Sample sample) {
    int size = sample.size();
    if (kept.length < sample.rows.length) {
      kept = new int[sample.rows.length];
    }
    if (keptFrom.length <= size) {
      keptFrom = new int[size + 1];
      emitted = new double[size][LABELS];
      forward = new double[size][LABELS];
      backward = new double[size][LABELS];
      gradient = new double[size][LABELS];
    }
  }

  /** One step; returns the loss before it. */
  private double learn(Sample sample) {
    reserve(sample);
    int size = sample.size();
    emit(sample);
    double[][] between = new double[LABELS][LABELS];
    for (int p = 0; p < LABELS; p++) {
      for (int y = 0; y < LABELS; y++) {
        between[p][y] = Kind.mayFollow(p, y) ? StrictMath.exp(transitions[p][y]) : 0;
      }
    }
    double[][] pairs = new double[LABELS][LABELS];
    for (int t = 0; t < size; t++) {
      Arrays.fill(gradient[t], 0);
    }
    double all = expect(size, null, between, pairs, -1);
    double right = expect(size, sample.allowed, between, pairs, 1);
    for (int t = 0; t < size; t++) {
      apply(t);
    }
    for (int p = 0; p < LABELS; p++) {
      for (int y = 0; y < LABELS; y++) {
        double g = pairs[p][y];
        if (g != 0) {
          transitionSquares[p][y] += g * g;
          transitions[p][y] += RATE * 0.5 * g / StrictMath.sqrt(transitionSquares[p][y] + 1e-6);
        }
      }
    }
    return all - right;
  }

  /** Scores of the features that are not dropped, as factors relative to each token's best. */
  private void emit(Sample sample) {
    int used = 0;
    float[] sum = new float[LANES];
    for (int t = 0; t < sample.size(); t++) {
      keptFrom[t] = used;
      Arrays.fill(sum, 0);
      for (int f = sample.offsets[t]; f < sample.offsets[t + 1]; f++) {
        if (dropout.nextInt() < DROPOUT_BELOW) {
          continue;
        }
        int row = sample.rows[f] * LANES;
        kept[used++] = row;
        for (int y = 0; y < LANES; y++) {
          sum[y] += weights[row + y];
        }
      }
      float top = Float.NEGATIVE_INFINITY;
      for (int y = 0; y < LABELS; y++) {
        top = Math.max(top, sum[y]);
      }
      for (int y = 0; y < LABELS; y++) {
        emitted[t][y] = StrictMath.exp(sum[y] - top) + 1e-30;
      }
    }
    keptFrom[sample.size()] = used;
  }

  private static final int DROPOUT_BELOW =
      (int) (Integer.MIN_VALUE + DROPPED * ((double) Integer.MAX_VALUE - Integer.MIN_VALUE));

  /** Adds the expected labels and pairs, times {@code sign}; returns the logarithm of the sum. */
  private double expect(
      int size, int @Nullable [] allowed, double[][] between, double[][] pairs, int sign) {
    double log = 0;
    for (int t = 0; t < size; t++) {
      double[] now = forward[t];
      double total = 0;
      for (int y = 0; y < LABELS; y++) {
        double value = 0;
        if (allowed == null || (allowed[t] >> y & 1) != 0) {
          if (t == 0) {
            value = Kind.isFurther(y) ? 0 : 1;
          } else {
            double[] before = forward[t - 1];
            if (Kind.isFurther(y)) {
              value = before[y - 1] * between[y - 1][y] + before[y] * between[y][y];
            } else {
              for (int p = 0; p < LABELS; p++) {
                value += before[p] * between[p][y];
              }
            }
          }
          value *= emitted[t][y];
        }
        now[y] = value;
        total += value;
      }
      double scale = 1 / total;
      for (int y = 0; y < LABELS; y++) {
        now[y] *= scale;
      }
      log += StrictMath.log(total);
    }
    Arrays.fill(backward[size - 1], 1);
    for (int t = size - 1; t > 0; t--) {
      double[] now = backward[t];
      double[] out = new double[LABELS];
      for (int y = 0; y < LABELS; y++) {
        boolean open = allowed == null || (allowed[t] >> y & 1) != 0;
        out[y] = open ? now[y] * emitted[t][y] : 0;
      }
      double[] before = backward[t - 1];
      double[] forwards = forward[t - 1];
      double sum = 0;
      for (int p = 0; p < LABELS; p++) {
        double value = 0;
        double[] row = between[p];
        for (int y = 0; y < LABELS; y++) {
          value += row[y] * out[y];
        }
        before[p] = value;
        sum += value * forwards[p];
      }
      double scale = 1 / sum;
      for (int p = 0; p < LABELS; p++) {
        before[p] *= scale;
        double weight = forwards[p] * scale * sign;
        if (weight != 0) {
          double[] row = between[p];
          double[] pair = pairs[p];
          for (int y = 0; y < LABELS; y++) {
            pair[y] += weight * row[y] * out[y];
          }
        }
      }
    }
    for (int t = 0; t < size; t++) {
      double total = 0;
      for (int y = 0; y < LABELS; y++) {
        total += forward[t][y] * backward[t][y];
      }
      for (int y = 0; y < LABELS; y++) {
        gradient[t][y] += sign * forward[t][y] * backward[t][y] / total;
      }
    }
    return log;
  }

  private void apply(int t) {
    double[] g = gradient[t];
    double largest = 0;
    float[] step = new float[LANES];
    float[] square = new float[LANES];
    for (int y = 0; y < LABELS; y++) {
      largest = Math.max(largest, Math.abs(g[y]));
      step[y] = (float) g[y];
      square[y] = step[y] * step[y];
    }
    if (largest < GRADIENT_MIN) {
      return;
    }
    for (int f = keptFrom[t]; f < keptFrom[t + 1]; f++) {
      int row = kept[f];
      for (int y = 0; y < LANES; y++) {
        float seen = squares[row + y] + square[y];
        squares[row + y] = seen;
        weights[row + y] += RATE * step[y] / (float) Math.sqrt(seen + SQUARES_FIRST);
      }
    }
  }
}
