package io.mantle.privacy.detect.evaluation;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.value.Plaintext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures a detector's speed on the first texts of a run, at most {@link #BYTES_MAX} bytes of
 * them, again and again: the first pass of a JVM says more about its compiler than about a
 * detector. Not for several threads at once.
 */
public final class SpeedSample {
  static final int BYTES_MAX = 1 << 20;

  private static final int PASSES_MAX = 40;
  private static final long NANOS_MAX = 2_000_000_000L;

  private final List<Plaintext> texts = new ArrayList<>();
  private long bytes;

  /** Keeps a text if there is room for it. */
  public void add(String text) {
    int size = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes + size <= BYTES_MAX) {
      texts.add(new Plaintext(text));
      bytes += size;
    }
  }

  /**
   * KB (1,024 bytes of UTF-8) a second on one thread: the median of the later half of passes, or of
   * as much of the first pass as there was time for.
   */
  public double kbPerSecond(Detector detector) {
    List<Long> passes = new ArrayList<>();
    long began = System.nanoTime();
    long spans = 0;
    do {
      long start = System.nanoTime();
      long charsSeen = 0;
      for (Plaintext text : texts) {
        spans += detector.detect(text).size();
        charsSeen += text.length();
        long nanos = System.nanoTime() - start;
        if (passes.isEmpty() && nanos > NANOS_MAX) {
          return charsSeen * bytesPerChar() / 1024.0 / (nanos / 1e9);
        }
      }
      passes.add(System.nanoTime() - start);
    } while (passes.size() < PASSES_MAX && System.nanoTime() - began < NANOS_MAX);
    List<Long> later = passes.subList(passes.size() / 2, passes.size()).stream().sorted().toList();
    long nanos = Math.max(1, later.get(later.size() / 2));
    return spans < 0 ? 0 : bytes / 1024.0 / (nanos / 1e9);
  }

  private double bytesPerChar() {
    return (double) bytes / texts.stream().mapToLong(Plaintext::length).sum();
  }
}
