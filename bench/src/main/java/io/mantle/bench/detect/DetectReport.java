package io.mantle.bench.detect;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;

/** Makes a table and a JSON file of a run. */
final class DetectReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double BYTES_PER_MB = 1e6;

  private final String machine;
  private final double loadBefore;
  private final double loadAfter;
  private final DetectFigures figures;

  DetectReport(String machine, double loadBefore, double loadAfter, DetectFigures figures) {
    this.machine = machine;
    this.loadBefore = loadBefore;
    this.loadAfter = loadAfter;
    this.figures = figures;
  }

  void print(PrintStream out) {
    out.printf(Locale.ROOT, "%s%n", machine);
    out.printf(
        Locale.ROOT,
        "load of the machine %.1f at the start, %.1f at the end; all default tiers, one thread, warm%n",
        loadBefore,
        loadAfter);
    out.println();
    Timing mantle = DetectFigures.together(figures.rounds());
    out.printf(
        Locale.ROOT,
        "Ordinary texts of 1 KB      wall p50    wall p99     CPU p50     CPU p99       MB/s%n");
    row(out, "Mantle", mantle);
    if (figures.presidio().isEmpty()) {
      out.printf(Locale.ROOT, "  Presidio: not measured: %s%n", figures.presidioWords());
    } else {
      row(out, "Presidio", DetectFigures.together(figures.presidio()));
      double[] ratios = figures.ratios();
      out.printf(Locale.ROOT, "  %s%n", figures.presidioWords());
      out.printf(
          Locale.ROOT,
          "  Presidio takes %.0f times the CPU (%.0f .. %.0f by round), medians%n",
          ratios[0],
          ratios[1],
          ratios[2]);
    }
    out.println();
    out.printf(Locale.ROOT, "One text of          CPU ms a KB   against 1 KB%n");
    double first = figures.lengths().getFirst().millisPerKb();
    for (DetectFigures.Length length : figures.lengths()) {
      out.printf(
          Locale.ROOT,
          "  %5d KB              %10.4f        x %.2f%n",
          length.chars() / DetectTexts.KB,
          length.millisPerKb(),
          length.millisPerKb() / first);
    }
    out.println();
    out.printf(
        Locale.ROOT,
        "Made to be slow, %d KB, CPU ms a KB   against ordinary   a KB in %d KB against this%n",
        DetectBench.HOSTILE_CHARS / DetectTexts.KB,
        DetectBench.HOSTILE_GROWTH * DetectBench.HOSTILE_CHARS / DetectTexts.KB);
    figures.hostile().stream()
        .sorted(Comparator.comparingDouble(DetectFigures.Hostile::millisPerKb).reversed())
        .forEach(
            hostile ->
                out.printf(
                    Locale.ROOT,
                    "  %-20s %10.4f        x %-8.2f   %s%n",
                    hostile.name(),
                    hostile.millisPerKb(),
                    hostile.millisPerKb() / figures.ordinaryMillisPerKb(),
                    hostile.growth() == null
                        ? "not measured: too slow"
                        : "x %.2f".formatted(hostile.growth())));
    out.println();
    LoadProbe.Figures loading = figures.loading();
    out.printf(
        Locale.ROOT,
        "Loads in %.0f ms (%.0f ms CPU) in a new JVM, the first text then takes %.0f ms; holds %.1f MB of heap, for all threads%n",
        loading.loadMillis(),
        loading.loadCpuMillis(),
        loading.firstMillis(),
        loading.heapMegabytes());
  }

  private static void row(PrintStream out, String name, Timing timing) {
    out.printf(
        Locale.ROOT,
        "  %-20s %8.3f ms %8.3f ms %8.3f ms %8.3f ms %10.2f%n",
        name,
        timing.wallMillisAt(50),
        timing.wallMillisAt(99),
        timing.cpuMillisAt(50),
        timing.cpuMillisAt(99),
        megabytesPerSecond(timing));
  }

  /** At the median: a mean would tell of what else the machine does. */
  private static double megabytesPerSecond(Timing timing) {
    return DetectTexts.KB / BYTES_PER_MB / (timing.wallMillisAt(50) / 1e3);
  }

  void writeJson(Path file) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("machine", machine).put("load_before", loadBefore).put("load_after", loadAfter);
    put(root.putObject("mantle_1k"), DetectFigures.together(figures.rounds()));
    root.put("presidio", figures.presidioWords());
    if (!figures.presidio().isEmpty()) {
      put(root.putObject("presidio_1k"), DetectFigures.together(figures.presidio()));
      double[] ratios = figures.ratios();
      root.putObject("cpu_p50_ratio")
          .put("all", ratios[0])
          .put("least", ratios[1])
          .put("most", ratios[2]);
    }
    ArrayNode lengths = root.putArray("lengths");
    figures
        .lengths()
        .forEach(
            length ->
                lengths
                    .addObject()
                    .put("chars", length.chars())
                    .put("ms_per_kb", length.millisPerKb()));
    ArrayNode hostile = root.putArray("hostile");
    figures
        .hostile()
        .forEach(
            text ->
                hostile
                    .addObject()
                    .put("name", text.name())
                    .put("ms_per_kb", text.millisPerKb())
                    .put("ratio", text.millisPerKb() / figures.ordinaryMillisPerKb())
                    .put("growth", text.growth()));
    root.set("loading", JSON.valueToTree(figures.loading()));
    Files.writeString(file, root.toPrettyString() + "\n");
  }

  private static void put(ObjectNode node, Timing timing) {
    node.put("texts", timing.texts())
        .put("wall_ms_p50", timing.wallMillisAt(50))
        .put("wall_ms_p99", timing.wallMillisAt(99))
        .put("cpu_ms_p50", timing.cpuMillisAt(50))
        .put("cpu_ms_p99", timing.cpuMillisAt(99))
        .put("mb_per_s", megabytesPerSecond(timing));
  }
}
