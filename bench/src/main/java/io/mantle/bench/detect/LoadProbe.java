package io.mantle.bench.detect;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.value.Plaintext;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** What a detector takes to load, in a JVM that has done nothing else: one line of figures. */
final class LoadProbe {
  private static final int COLLECTIONS = 3;

  private LoadProbe() {}

  /**
   * One JVM's figures.
   *
   * @param loadMillis until there is a detector
   * @param loadCpuMillis of these, of the loading thread's CPU time
   * @param firstMillis of the first text after that
   * @param heapMegabytes that it holds once it has looked at texts
   */
  record Figures(
      double loadMillis, double loadCpuMillis, double firstMillis, double heapMegabytes) {}

  /** Starts a JVM with this one's class path and {@code command}'s options. */
  static Figures in(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      String line = output.readLine();
      if (line == null || process.waitFor() != 0) {
        throw new IOException("the probe of loading failed");
      }
      List<Double> figures = List.of(line.split(" ")).stream().map(Double::valueOf).toList();
      return new Figures(figures.get(0), figures.get(1), figures.get(2), figures.get(3));
    } finally {
      process.destroy();
    }
  }

  /** Prints the four figures. */
  public static void main(String[] arguments) {
    List<Plaintext> texts = DetectTexts.ordinary().stream().map(Plaintext::new).toList();
    double before = heapMegabytes();
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long start = System.nanoTime();
    Detector detector = Detectors.standard();
    long loaded = System.nanoTime();
    cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
    long spans = detector.detect(texts.getFirst()).size();
    long first = System.nanoTime();
    for (Plaintext text : texts) {
      spans += detector.detect(text).size();
    }
    double held = heapMegabytes() - before;
    System.out.printf(
        Locale.ROOT,
        "%.1f %.1f %.1f %.1f%n",
        (loaded - start) / 1e6,
        cpu / 1e6,
        (first - loaded) / 1e6,
        held);
    // Held until here, so that the collector could not take it before it was measured.
    System.exit(spans > 0 && detector.detect(texts.getFirst()) != null ? 0 : 1);
  }

  @SuppressWarnings("SystemGc") // what is held is what a collection leaves
  private static double heapMegabytes() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
  }
}
