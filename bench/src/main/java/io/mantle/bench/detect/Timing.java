package io.mantle.bench.detect;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.value.Plaintext;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Times a detector on this thread, text by text. Not for several threads at once. */
final class Timing {
  private static final long NANOS_MAX = 600_000_000_000L;
  private static final int DIGITS = 3;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Histogram wall = new Histogram(NANOS_MAX, DIGITS);
  private final Histogram cpu = new Histogram(NANOS_MAX, DIGITS);
  private long spans;

  /** Passes over all texts, whole ones only, until the time is over. */
  void run(Detector detector, List<Plaintext> texts, long nanos) {
    long end = System.nanoTime() + nanos;
    do {
      for (Plaintext text : texts) {
        long cpuStart = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        spans += detector.detect(text).size();
        long took = System.nanoTime() - start;
        add(took, THREADS.getCurrentThreadCpuTime() - cpuStart);
      }
    } while (System.nanoTime() < end);
  }

  void add(long wallNanos, long cpuNanos) {
    wall.recordValue(Math.min(wallNanos, NANOS_MAX));
    cpu.recordValue(Math.min(cpuNanos, NANOS_MAX));
  }

  void add(Timing other) {
    wall.add(other.wall);
    cpu.add(other.cpu);
    spans += other.spans;
  }

  double wallMillisAt(double percentile) {
    return wall.getValueAtPercentile(percentile) / 1e6;
  }

  double cpuMillisAt(double percentile) {
    return cpu.getValueAtPercentile(percentile) / 1e6;
  }

  long texts() {
    return wall.getTotalCount();
  }

  long spans() {
    return spans;
  }

  /**
   * The least CPU time of several runs over one text, in milliseconds. CPU time of this thread,
   * since a long text's wall time is above all a matter of who else wants the core.
   */
  static double leastCpuMillis(Detector detector, String text, int runs) {
    Plaintext plain = new Plaintext(text);
    long least = Long.MAX_VALUE;
    long spans = 0;
    for (int run = 0; run < runs; run++) {
      long start = THREADS.getCurrentThreadCpuTime();
      spans += detector.detect(plain).size();
      least = Math.min(least, THREADS.getCurrentThreadCpuTime() - start);
    }
    return spans < 0 ? 0 : least / 1e6;
  }
}
