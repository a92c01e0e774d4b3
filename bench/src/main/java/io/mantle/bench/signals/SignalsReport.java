package io.mantle.bench.signals;

import io.mantle.bench.Machine;
import io.mantle.bench.PairedRatio;
import io.mantle.bench.signals.Gateway.Cost;
import io.mantle.bench.signals.Gateway.Part;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Makes ratios of pairs of blocks. */
final class SignalsReport {
  private final Machine machine;
  private final double traced;
  private final Map<String, List<Pair>> pairs = new LinkedHashMap<>();
  private double loadMax;

  private record Pair(Cost on, Cost off) {}

  SignalsReport(Machine machine, double traced) {
    this.machine = machine;
    this.traced = traced;
  }

  void add(String workload, Cost on, Cost off) {
    pairs.computeIfAbsent(workload, _ -> new ArrayList<>()).add(new Pair(on, off));
    loadMax = Math.max(loadMax, Machine.load());
  }

  void print(PrintStream out) {
    out.println("%s; load of the machine at most %.1f".formatted(machine.words(), loadMax));
    out.println(
        "limits, metering, metrics, traces (of %.0f %% of the requests) and JSON logs, on and off;"
            .formatted(100 * traced));
    out.println(
        "medians, and of the ratios the geometric mean of all pairs of blocks with its interval of 95 %");
    List<Pair> all = new ArrayList<>();
    pairs.forEach(
        (workload, of) -> {
          all.addAll(of);
          out.println();
          out.println("%s (%d pairs)".formatted(workload, of.size()));
          out.println("  %-44s %8s %8s  %s".formatted("", "on", "off", "on / off"));
          row(out, "requests a second", of, Cost::perSecond);
          row(out, "CPU ms a 1,000, Envoy and ext_proc", of, Cost::cpuOfTheGateway);
          for (Part part : Part.values()) {
            row(out, "CPU ms a 1,000, " + part.words(), of, cost -> cost.cpuOf(part));
          }
        });
    out.println();
    out.println(
        "all workloads: requests a second %s, CPU of Envoy and ext_proc %s"
            .formatted(ratio(all, Cost::perSecond), ratio(all, Cost::cpuOfTheGateway)));
  }

  private static void row(
      PrintStream out, String name, List<Pair> of, ToDoubleFunction<Cost> figure) {
    out.println(
        "  %-44s %8.0f %8.0f  %s"
            .formatted(
                name,
                median(of.stream().map(pair -> figure.applyAsDouble(pair.on())).toList()),
                median(of.stream().map(pair -> figure.applyAsDouble(pair.off())).toList()),
                ratio(of, figure)));
  }

  /** Of a part that did next to nothing in a block there is none. */
  private static String ratio(List<Pair> of, ToDoubleFunction<Cost> figure) {
    List<Double> on = of.stream().map(pair -> figure.applyAsDouble(pair.on())).toList();
    List<Double> off = of.stream().map(pair -> figure.applyAsDouble(pair.off())).toList();
    return off.stream().anyMatch(value -> value < 1) ? "-" : PairedRatio.of(on, off).toString();
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
