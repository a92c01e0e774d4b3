package io.mantle.bench.load;

import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The histograms of a block. Used by one thread. */
public final class Recording {
  private static final long NANOS_MAX = 60_000_000_000L;
  private static final int DIGITS = 3;

  private final Map<Measure, Histogram> histograms = new EnumMap<>(Measure.class);

  void record(Measure measure, long nanos) {
    histogram(measure).recordValue(Math.clamp(nanos, 0, NANOS_MAX));
  }

  /** Adds what another block measured. */
  public void add(Recording other) {
    other.histograms.forEach((measure, histogram) -> histogram(measure).add(histogram));
  }

  public boolean has(Measure measure) {
    return histograms.containsKey(measure);
  }

  public double millisAt(Measure measure, double percentile) {
    return histogram(measure).getValueAtPercentile(percentile) / 1e6;
  }

  private Histogram histogram(Measure measure) {
    return histograms.computeIfAbsent(measure, _ -> new Histogram(NANOS_MAX, DIGITS));
  }
}
