package io.mantle.privacy.detect.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Confidence intervals of ratios by resampling whole documents: entities of one document stand or
 * fall together, so that counting them one by one would look too sure.
 *
 * <p>A Poisson bootstrap (Chamandy et al., "Estimating Uncertainty for Massive Data Streams",
 * 2012): in each of {@link #REPLICATES} samples a document counts as often as a Poisson variable of
 * mean 1 says, which is what drawing with replacement comes to. So nothing is kept of a document,
 * and memory does not grow. The draws come from a fixed seed: the same documents in the same order
 * give the same intervals.
 */
final class Bootstrap {
  static final int REPLICATES = 1_000;

  private static final long SEED = 20_261_121;
  private static final double TAIL = 0.025;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final byte[] weights = new byte[REPLICATES];

  /** A ratio's two sums in every sample. */
  static final class Ratio {
    private final long[] parts = new long[REPLICATES];
    private final long[] wholes = new long[REPLICATES];

    /**
     * Between the 2.5th and the 97.5th percentile of the samples in which the ratio exists.
     *
     * @param ofNothing what stands where it exists in none
     */
    Interval interval(double ofNothing) {
      double[] ratios = new double[REPLICATES];
      int count = 0;
      for (int i = 0; i < REPLICATES; i++) {
        if (wholes[i] > 0) {
          ratios[count++] = (double) parts[i] / wholes[i];
        }
      }
      if (count == 0) {
        return new Interval(ofNothing, ofNothing);
      }
      Arrays.sort(ratios, 0, count);
      int cut = (int) (TAIL * (count - 1));
      return new Interval(ratios[cut], ratios[count - 1 - cut]);
    }
  }

  /** Draws how often the next document counts in each sample. */
  void next() {
    for (int i = 0; i < REPLICATES; i++) {
      weights[i] = poisson();
    }
  }

  /** Adds the document that was drawn last. */
  void add(Ratio ratio, long part, long whole) {
    if (whole == 0) {
      return;
    }
    for (int i = 0; i < REPLICATES; i++) {
      ratio.parts[i] += weights[i] * part;
      ratio.wholes[i] += weights[i] * whole;
    }
  }

  private byte poisson() {
    double left = random.nextDouble();
    double share = Math.exp(-1);
    byte count = 0;
    while (left >= share && count < 12) {
      left -= share;
      count++;
      share /= count;
    }
    return count;
  }

  /**
   * The leaked rate's interval. Where none or all leaked every sample says the same, so the exact
   * bound of Clopper and Pearson stands in: with none of n seen, up to 1 - 0.025^(1/n).
   */
  static Interval ofLeaks(Ratio ratio, Score.Leaks leaks) {
    if (leaks.entities() == 0) {
      return new Interval(0, 1);
    }
    double unseen = 1 - Math.pow(TAIL, 1.0 / leaks.entities());
    if (leaks.leaked() == 0) {
      return new Interval(0, unseen);
    }
    return leaks.leaked() == leaks.entities() ? new Interval(1 - unseen, 1) : ratio.interval(0);
  }
}
