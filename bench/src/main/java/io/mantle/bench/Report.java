package io.mantle.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.bench.load.Measure;
import io.mantle.bench.load.Recording;
import io.mantle.bench.prompt.Delivery;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * Makes figures of blocks. A figure is over all rounds together; in brackets stand the least and
 * the most that a single round gave.
 */
final class Report {
  private static final double[] PERCENTILES = {50, 99};
  private static final double[] PERCENTILES_JSON = {50, 90, 99, 99.9, 100};
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Machine machine;
  private final WarmUp warmUp;
  private final List<BlockResult> results;
  private final ProviderProcess.Counts behindMantle;
  private final double load = Machine.load();

  Report(
      Machine machine,
      WarmUp warmUp,
      List<BlockResult> results,
      ProviderProcess.Counts behindMantle) {
    this.machine = machine;
    this.warmUp = warmUp;
    this.results = List.copyOf(results);
    this.behindMantle = behindMantle;
  }

  void print(PrintStream out) {
    line(out, "%s".formatted(machine.words()));
    line(
        out,
        "warm-up: %d requests through Mantle in %.0f s, %s; load of the machine at the end: %.1f"
            .formatted(
                warmUp.requests(),
                warmUp.seconds(),
                warmUp.steady() ? "then steady" : "still getting faster",
                load));
    line(
        out,
        "checked: every answer to the letter; %d requests reached the provider behind Mantle, %d with a private value"
            .formatted(behindMantle.requests(), behindMantle.leaks()));
    for (Workload workload : workloads()) {
      out.println();
      line(out, workload.title());
      line(
          out,
          "  %-26s %9s %12s %15s  %-27s %s"
              .formatted(
                  "",
                  Arm.DIRECT.words(),
                  Arm.ENVOY.words(),
                  Arm.MANTLE.words(),
                  "against direct",
                  "against Envoy alone"));
      printSpeed(out, workload);
      printTimes(out, workload);
      printCpu(out, workload);
    }
  }

  private void printSpeed(PrintStream out, Workload workload) {
    if (workload.isPaced()) {
      return;
    }
    ToDoubleFunction<List<BlockResult>> speed = Report::perSecond;
    line(
        out,
        "  %-26s %9.0f %12.0f %15.0f  %-27s %s"
            .formatted(
                workload.delivery() == Delivery.WHOLE ? "requests a second" : "streams a second",
                speed.applyAsDouble(of(workload, Arm.DIRECT)),
                speed.applyAsDouble(of(workload, Arm.ENVOY)),
                speed.applyAsDouble(of(workload, Arm.MANTLE)),
                ratio(workload, Arm.DIRECT, speed),
                ratio(workload, Arm.ENVOY, speed)));
  }

  private void printTimes(PrintStream out, Workload workload) {
    for (Measure measure : Measure.values()) {
      if (!recording(of(workload, Arm.MANTLE)).has(measure)) {
        continue;
      }
      for (double percentile : PERCENTILES) {
        ToDoubleFunction<List<BlockResult>> time =
            blocks -> recording(blocks).millisAt(measure, percentile);
        line(
            out,
            "  %-26s %9.3f %12.3f %15.3f  %-27s %s"
                .formatted(
                    "%s p%.0f, ms".formatted(measure.words(), percentile),
                    time.applyAsDouble(of(workload, Arm.DIRECT)),
                    time.applyAsDouble(of(workload, Arm.ENVOY)),
                    time.applyAsDouble(of(workload, Arm.MANTLE)),
                    added(workload, Arm.DIRECT, time),
                    added(workload, Arm.ENVOY, time)));
      }
    }
  }

  private void printCpu(PrintStream out, Workload workload) {
    for (String process : processes()) {
      line(
          out,
          "  %-26s %9.0f %12.0f %15.0f"
              .formatted(
                  "CPU ms a 1,000, " + process,
                  cpuPerThousand(of(workload, Arm.DIRECT), process),
                  cpuPerThousand(of(workload, Arm.ENVOY), process),
                  cpuPerThousand(of(workload, Arm.MANTLE), process)));
    }
  }

  private String added(Workload workload, Arm to, ToDoubleFunction<List<BlockResult>> figure) {
    return compared(workload, to, figure, (mantle, other) -> mantle - other, "%+.3f");
  }

  private String ratio(Workload workload, Arm to, ToDoubleFunction<List<BlockResult>> figure) {
    return compared(workload, to, figure, (mantle, other) -> mantle / other, "x %.3f");
  }

  private String compared(
      Workload workload,
      Arm to,
      ToDoubleFunction<List<BlockResult>> figure,
      DoubleBinaryOperator compare,
      String format) {
    List<BlockResult> mantle = of(workload, Arm.MANTLE);
    List<BlockResult> other = of(workload, to);
    double all = compare.applyAsDouble(figure.applyAsDouble(mantle), figure.applyAsDouble(other));
    double[] rounds =
        mantle.stream()
            .mapToInt(BlockResult::round)
            .mapToDouble(
                round ->
                    compare.applyAsDouble(
                        figure.applyAsDouble(in(round, mantle)),
                        figure.applyAsDouble(in(round, other))))
            .sorted()
            .toArray();
    return (format + " (" + format + " .. " + format + ")")
        .formatted(all, rounds[0], rounds[rounds.length - 1]);
  }

  void writeJson(Path file) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.set("machine", JSON.valueToTree(machine));
    root.put("load_average", load);
    root.set("warm_up", JSON.valueToTree(warmUp));
    root.set("provider_behind_mantle", JSON.valueToTree(behindMantle));
    ArrayNode rows = root.putArray("workloads");
    for (Workload workload : workloads()) {
      for (Arm arm : Arm.values()) {
        List<BlockResult> blocks = of(workload, arm);
        ObjectNode row =
            rows.addObject()
                .put("workload", workload.title())
                .put("way", arm.name().toLowerCase(Locale.ROOT));
        put(row, blocks);
        ArrayNode rounds = row.putArray("rounds");
        blocks.stream()
            .sorted(Comparator.comparingInt(BlockResult::round))
            .forEach(block -> put(rounds.addObject(), List.of(block)));
      }
    }
    Files.writeString(file, root.toPrettyString() + "\n");
  }

  private void put(ObjectNode row, List<BlockResult> blocks) {
    row.put("requests", requests(blocks)).put("requests_per_second", perSecond(blocks));
    Recording recording = recording(blocks);
    ObjectNode times = row.putObject("millis");
    for (Measure measure : Measure.values()) {
      if (recording.has(measure)) {
        ObjectNode percentiles = times.putObject(measure.name().toLowerCase(Locale.ROOT));
        for (double percentile : PERCENTILES_JSON) {
          percentiles.put("p" + percentile, recording.millisAt(measure, percentile));
        }
      }
    }
    ObjectNode cpu = row.putObject("cpu_millis_per_1000");
    processes().forEach(process -> cpu.put(process, cpuPerThousand(blocks, process)));
  }

  private Set<Workload> workloads() {
    Set<Workload> workloads = new LinkedHashSet<>();
    results.forEach(result -> workloads.add(result.workload()));
    return workloads;
  }

  private Set<String> processes() {
    return results.getFirst().cpuMillis().keySet();
  }

  private List<BlockResult> of(Workload workload, Arm arm) {
    return results.stream()
        .filter(result -> result.workload().equals(workload) && result.arm() == arm)
        .toList();
  }

  private static List<BlockResult> in(int round, List<BlockResult> blocks) {
    return blocks.stream().filter(block -> block.round() == round).toList();
  }

  private static Recording recording(List<BlockResult> blocks) {
    Recording all = new Recording();
    blocks.forEach(block -> all.add(block.block().recording()));
    return all;
  }

  private static long requests(List<BlockResult> blocks) {
    return blocks.stream().mapToLong(block -> block.block().requests()).sum();
  }

  private static double perSecond(List<BlockResult> blocks) {
    return requests(blocks) * 1e9 / blocks.stream().mapToLong(b -> b.block().nanos()).sum();
  }

  private static double cpuPerThousand(List<BlockResult> blocks, String process) {
    Map<String, Double> used = new LinkedHashMap<>();
    blocks.forEach(
        block -> block.cpuMillis().forEach((name, ms) -> used.merge(name, ms, Double::sum)));
    return used.getOrDefault(process, 0.0) * 1_000 / requests(blocks);
  }

  private static void line(PrintStream out, String text) {
    out.println(text.stripTrailing());
  }
}
