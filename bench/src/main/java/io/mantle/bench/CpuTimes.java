package io.mantle.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The CPU time of processes, all their threads together, to the clock tick of the system (10 ms).
 */
public final class CpuTimes {
  private final Map<String, Long> pids = new LinkedHashMap<>();

  public void watch(String name, long pid) {
    pids.put(name, pid);
  }

  /** Milliseconds since each process began. */
  public Map<String, Double> now() {
    Map<String, Double> times = new LinkedHashMap<>();
    pids.forEach(
        (name, pid) ->
            times.put(
                name,
                ProcessHandle.of(pid)
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElse(Duration.ZERO)
                        .toNanos()
                    / 1e6));
    return times;
  }

  /** Milliseconds since an earlier {@link #now}. */
  public Map<String, Double> since(Map<String, Double> before) {
    Map<String, Double> used = new LinkedHashMap<>();
    now().forEach((name, millis) -> used.put(name, millis - before.getOrDefault(name, 0.0)));
    return used;
  }
}
