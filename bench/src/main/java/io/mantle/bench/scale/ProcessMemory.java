package io.mantle.bench.scale;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What memory a process holds. */
final class ProcessMemory {
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

  private ProcessMemory() {}

  /** Resident, in MB. */
  static double residentMegabytes(long pid) throws IOException {
    Matcher matcher =
        RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
    return matcher.find() ? Long.parseLong(matcher.group(1)) / 1024.0 : Double.NaN;
  }

  /** Of a JVM with the serial collector: what of its heap is in use after collecting, in MB. */
  static double liveHeapMegabytes(long pid) throws IOException {
    jcmd(pid, "GC.run");
    Matcher matcher = USED.matcher(jcmd(pid, "GC.heap_info"));
    double kilobytes = 0;
    while (matcher.find()) {
      kilobytes += Long.parseLong(matcher.group(1));
    }
    return kilobytes / 1024;
  }

  private static String jcmd(long pid, String command) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                    Long.toString(pid),
                    command))
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
