package io.mantle.bench.detect;

import io.mantle.bench.Jvm;
import io.mantle.bench.Machine;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.value.Plaintext;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./mantle bench detect}: what the detector's default tiers cost, on ordinary texts, long
 * ones and ones made to be slow; and what Presidio costs on the same texts, in turns with ours.
 */
@Command(
    name = "mantle bench detect",
    mixinStandardHelpOptions = true,
    description = "What the detector costs, and Presidio beside it.")
public final class DetectBench implements Callable<Integer> {
  static final int HOSTILE_CHARS = 16 << 10;
  static final int HOSTILE_GROWTH = 16;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long WARM_UP_MILLIS = 12_000;
  private static final long WARM_UP_MILLIS_QUICK = 4_000;
  private static final long BLOCK_MILLIS = 500;
  private static final int ROUNDS = 10;
  private static final int ROUNDS_QUICK = 3;
  private static final int RUNS = 7;
  private static final int WARM_UP_RUNS = 20;
  private static final double HOSTILE_MILLIS_MAX = 2_000;
  private static final int[] LENGTHS_KB = {1, 4, 16, 64, 256, 1024};

  @Option(names = "--quick", description = "About 20 s instead of about a minute.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes every figure there too.")
  private @Nullable Path json;

  @Option(
      names = "--no-presidio",
      description = "Mantle alone; else Presidio is installed once, below .mantle.")
  private boolean alone;

  @Option(
      names = "--presidio",
      paramLabel = "FILE",
      hidden = true,
      description = "A Python that has Presidio; the launcher names it.")
  private @Nullable Path python;

  private final PrintStream progress = System.err;

  private DetectBench() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new DetectBench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    double loadBefore = Machine.load();
    progress.println("warming up ...");
    Detector detector = Detectors.standard();
    List<String> texts = DetectTexts.ordinary();
    List<Plaintext> plain = texts.stream().map(Plaintext::new).toList();
    new Timing().run(detector, plain, millis(quick ? WARM_UP_MILLIS_QUICK : WARM_UP_MILLIS));

    List<Timing> ours = new ArrayList<>();
    List<Timing> theirs = new ArrayList<>();
    String presidioWords = rounds(detector, texts, plain, ours, theirs);
    progress.println("long texts, and texts made to be slow ...");
    DetectFigures figures =
        new DetectFigures(
            ours, theirs, presidioWords, lengths(detector), hostile(detector), loading());
    DetectReport report =
        new DetectReport(Machine.here().words(), loadBefore, Machine.load(), figures);
    report.print(System.out);
    if (json != null) {
      report.writeJson(json);
    }
    return 0;
  }

  private static long millis(long millis) {
    return millis * NANOS_PER_MILLI;
  }

  /** In turns, so that what else the machine does falls on both; says what Presidio is. */
  private String rounds(
      Detector detector,
      List<String> texts,
      List<Plaintext> plain,
      List<Timing> ours,
      List<Timing> theirs)
      throws IOException {
    int rounds = quick ? ROUNDS_QUICK : ROUNDS;
    Path named = python;
    if (named == null) {
      for (int round = 0; round < rounds; round++) {
        ours.add(timed(detector, plain));
      }
      return alone ? "--no-presidio" : "it could not be installed";
    }
    progress.println("loading Presidio ...");
    try (Presidio presidio = Presidio.start(named)) {
      presidio.run(texts, new Timing());
      for (int round = 0; round < rounds; round++) {
        progress.println("round " + (round + 1) + " of " + rounds + " ...");
        ours.add(timed(detector, plain));
        Timing their = new Timing();
        presidio.run(texts, their);
        theirs.add(their);
      }
      return presidio.words();
    }
  }

  private static Timing timed(Detector detector, List<Plaintext> texts) {
    Timing timing = new Timing();
    timing.run(detector, texts, millis(BLOCK_MILLIS));
    return timing;
  }

  private static List<DetectFigures.Length> lengths(Detector detector) {
    List<DetectFigures.Length> lengths = new ArrayList<>();
    for (int kb : LENGTHS_KB) {
      String text = DetectTexts.ofLength(kb * DetectTexts.KB);
      Timing.leastCpuMillis(detector, text, Math.max(1, WARM_UP_RUNS / kb));
      // A short text is one of many: as long in all as a long one.
      int runs = Math.max(RUNS, LENGTHS_KB[LENGTHS_KB.length - 1] / kb);
      lengths.add(
          new DetectFigures.Length(
              text.length(), Timing.leastCpuMillis(detector, text, runs) / kb));
    }
    return lengths;
  }

  private static List<DetectFigures.Hostile> hostile(Detector detector) {
    List<DetectFigures.Hostile> figures = new ArrayList<>();
    Map<String, String> longer = DetectTexts.hostile(HOSTILE_CHARS * HOSTILE_GROWTH);
    DetectTexts.hostile(HOSTILE_CHARS)
        .forEach(
            (name, text) -> {
              Timing.leastCpuMillis(detector, text, WARM_UP_RUNS);
              double least = Timing.leastCpuMillis(detector, text, RUNS);
              Double growth = null;
              String grown = longer.get(name);
              if (grown != null && least < HOSTILE_MILLIS_MAX) {
                growth = Timing.leastCpuMillis(detector, grown, RUNS) / HOSTILE_GROWTH / least;
              }
              figures.add(
                  new DetectFigures.Hostile(
                      name, least / (HOSTILE_CHARS / (double) DetectTexts.KB), growth));
            });
    return figures;
  }

  /** The middle one of a few JVMs. */
  private LoadProbe.Figures loading() throws IOException, InterruptedException {
    progress.println("loading in new JVMs ...");
    List<LoadProbe.Figures> all = new ArrayList<>();
    for (int i = 0; i < (quick ? 1 : 5); i++) {
      all.add(LoadProbe.in(Jvm.command(LoadProbe.class.getName(), "-XX:+UseSerialGC")));
    }
    all.sort(java.util.Comparator.comparingDouble(LoadProbe.Figures::loadMillis));
    return all.get(all.size() / 2);
  }
}
