package io.mantle.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** What the figures were measured on; nothing that names the machine. */
record Machine(int cores, String processor, String system, String jdk, String envoy) {

  static Machine here(Path envoy) throws IOException {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        readProcessor(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor.version", "") + " " + Runtime.version(),
        "Envoy " + envoyVersion(envoy));
  }

  /** Where no Envoy takes part. */
  static Machine here() throws IOException {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        readProcessor(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor.version", "") + " " + Runtime.version(),
        "no Envoy");
  }

  /** Of the last minute: how many wanted a core. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  String words() {
    return "%d cores (%s), %s, JDK %s, %s".formatted(cores, processor, system, jdk, envoy);
  }

  private static String readProcessor() throws IOException {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.exists(file)) {
      return System.getProperty("os.arch");
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    }
  }

  private static String envoyVersion(Path envoy) throws IOException {
    Process process = new ProcessBuilder(envoy.toString(), "--version").start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Stream.of(said.strip().split("/"))
        .filter(part -> part.matches("\\d+\\.\\d+\\.\\d+.*"))
        .findFirst()
        .orElse(said.strip().toLowerCase(Locale.ROOT));
  }
}
