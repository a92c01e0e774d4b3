package io.mantle.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * By how much two things differ that were measured in turns: the geometric mean of the ratios of
 * the pairs.
 *
 * @param low the interval of 95 %, by Student's t of the logarithms; NaN for one pair
 */
public record PairedRatio(double mean, double low, double high) {
  /** The 97.5th percentile of Student's t for 2, 3, ... pairs; beyond, the normal's. */
  private static final double[] T = {
    12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13
  };

  private static final double T_OF_MANY = 1.96;

  /** Of {@code those} by {@code these}, the n-th of which were measured together. */
  public static PairedRatio of(List<Double> those, List<Double> these) {
    List<Double> logarithms = new ArrayList<>();
    for (int i = 0; i < these.size(); i++) {
      logarithms.add(Math.log(those.get(i) / these.get(i)));
    }
    int pairs = logarithms.size();
    double mean = logarithms.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    double squares = logarithms.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
    double half =
        pairs < 2
            ? Double.NaN
            : (pairs - 2 < T.length ? T[pairs - 2] : T_OF_MANY)
                * Math.sqrt(squares / (pairs - 1) / pairs);
    return new PairedRatio(Math.exp(mean), Math.exp(mean - half), Math.exp(mean + half));
  }

  /** Such as {@code 1.031 [1.012, 1.050]}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", mean, low, high);
  }
}
