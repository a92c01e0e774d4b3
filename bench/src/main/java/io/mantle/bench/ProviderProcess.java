package io.mantle.bench;

import io.mantle.bench.provider.EchoProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The provider, in a process of its own; see {@link EchoProvider} for what they say to each other.
 */
public final class ProviderProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;
  private final Map<Arm, Integer> ports = new EnumMap<>(Arm.class);

  private ProviderProcess(Process process) throws IOException {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    answer("ports").forEach((arm, number) -> ports.put(arm, Integer.valueOf(number)));
  }

  public static ProviderProcess start() throws IOException {
    List<String> command =
        Jvm.command(EchoProvider.class.getName(), "-XX:+UseSerialGC", "-Xms64m", "-Xmx64m");
    command.add(Integer.toString(Arm.values().length));
    return new ProviderProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** A port of it, where the way does not matter. */
  public int anyPort() {
    return port(Arm.MANTLE);
  }

  int port(Arm arm) {
    return Objects.requireNonNull(ports.get(arm));
  }

  long pid() {
    return process.pid();
  }

  /** How it ended; empty while it runs. What it said of it is on standard error. */
  public Optional<String> ended() {
    return process.isAlive()
        ? Optional.empty()
        : Optional.of("the provider ended with exit code " + process.exitValue());
  }

  /**
   * What came by one way.
   *
   * @param leaks requests in which a private value was found
   */
  record Counts(long requests, long leaks) {}

  Counts counts(Arm arm) throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).append("counts\n").flush();
    List<String> counts = List.of(Objects.requireNonNull(answer("counts").get(arm)).split(":", 2));
    return new Counts(Long.parseLong(counts.getFirst()), Long.parseLong(counts.getLast()));
  }

  /** One word for each way, in their order. */
  private Map<Arm, String> answer(String to) throws IOException {
    String line = output.readLine();
    if (line == null || !line.startsWith(to + " ")) {
      throw new IOException("the provider said: " + line);
    }
    Iterator<String> words = List.of(line.substring(to.length() + 1).split(" ")).iterator();
    Map<Arm, String> answer = new EnumMap<>(Arm.class);
    for (Arm arm : Arm.values()) {
      answer.put(arm, words.next());
    }
    return answer;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
