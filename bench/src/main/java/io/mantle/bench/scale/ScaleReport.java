package io.mantle.bench.scale;

import io.mantle.bench.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures, as tables for people. */
final class ScaleReport {
  private final Machine machine;
  private final int changesPerSecond;
  private final int seconds;
  private final List<String> changes = new ArrayList<>();
  private final List<String> sizes = new ArrayList<>();
  private String requests = "";

  ScaleReport(Machine machine, int changesPerSecond, int seconds) {
    this.machine = machine;
    this.changesPerSecond = changesPerSecond;
    this.seconds = seconds;
  }

  /** A stack that still runs, and what its changes took. */
  void add(ScaleStack stack, ChangeLoad.Result result, double load) throws IOException {
    int count = stack.tenants().count();
    changes.add(
        String.format(
            Locale.ROOT,
            "| %,d | %.1f ms | %.1f ms | %.1f ms | %,.0f | %.2f ms | %.2f ms | %.2f ms | %.1f |",
            count,
            result.micros().getValueAtPercentile(50) / 1e3,
            result.micros().getValueAtPercentile(99) / 1e3,
            result.micros().getMaxValue() / 1e3,
            result.bytes(),
            result.cpuMillis().getOrDefault("control plane", Double.NaN),
            result.cpuMillis().getOrDefault("Envoy", Double.NaN),
            result.cpuMillis().getOrDefault("ext_proc", Double.NaN),
            load));
    sizes.add(
        String.format(
            Locale.ROOT,
            "| %,d | %.1f s | %.1f s | %.0f MB | %.0f MB | %.0f MB | %.0f MB | %.1f |",
            count,
            stack.readySeconds(),
            stack.ackedSeconds(),
            ProcessMemory.residentMegabytes(stack.controlPlanePid()),
            ProcessMemory.liveHeapMegabytes(stack.controlPlanePid()),
            ProcessMemory.residentMegabytes(stack.envoyPid()),
            ProcessMemory.residentMegabytes(stack.extProcPid()),
            load));
  }

  void requests(ScaleStack few, ScaleStack many, RequestCost.Result result, double load) {
    requests =
        String.format(
            Locale.ROOT,
            "CPU of Envoy and ext_proc for 1,000 requests of 1 KB: %.0f ms with %,d tenants, %.0f ms"
                + " with %,d (medians of %d blocks in turns); ratio %.3f, 95 %% interval %.3f to"
                + " %.3f; load %.1f",
            RequestCost.median(result.few()),
            few.tenants().count(),
            RequestCost.median(result.many()),
            many.tenants().count(),
            result.few().size(),
            result.ratio(),
            result.ratioLow(),
            result.ratioHigh(),
            load);
  }

  void print(PrintStream out) {
    out.println(machine.words());
    out.println();
    out.printf("%d tenants changed a second, for %d s:%n", changesPerSecond, seconds);
    out.println();
    out.println(
        "| tenants | commit to ack, p50 | p99 | most | bytes to Envoy a change | CPU a change:"
            + " control plane | Envoy | ext_proc | load |");
    out.println("|---|---|---|---|---|---|---|---|---|");
    changes.forEach(out::println);
    out.println();
    out.println(
        "| tenants | control plane ready | all acked | control plane, resident | its live heap |"
            + " Envoy, resident | ext_proc, resident | load |");
    out.println("|---|---|---|---|---|---|---|---|");
    sizes.forEach(out::println);
    out.println();
    out.println(requests);
  }
}
