package io.mantle.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the figures were measured on; nothing that names the machine.
 *
 * @param envoy its version; empty where none takes part
 */
public record Machine(int cores, String processor, String system, String jdk, String envoy) {

  /** For a bench with this Envoy. */
  public static Machine here(Path envoy) throws IOException {
    return with(envoyVersion(envoy));
  }

  /** For a bench that starts no Envoy. */
  public static Machine here() throws IOException {
    return with("");
  }

  private static Machine with(String envoy) throws IOException {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        readProcessor(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor.version", "") + " " + Runtime.version(),
        envoy);
  }

  /** Of the last minute: how many wanted a core. */
  public static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /** On one line, for people. */
  public String words() {
    String all = "%d cores (%s), %s, JDK %s".formatted(cores, processor, system, jdk);
    return envoy.isEmpty() ? all : all + ", Envoy " + envoy;
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
