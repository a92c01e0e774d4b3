package io.mantle.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** The benchmarks, each in a JVM of its own; without a name, what there is. */
@Command(
    name = "bench",
    description = "Ratios measured in one run.",
    mixinStandardHelpOptions = true,
    subcommands = {
      BenchCommand.Gateway.class,
      BenchCommand.Conversation.class,
      BenchCommand.Detect.class,
      BenchCommand.Rehydrate.class,
      BenchCommand.Leak.class,
      BenchCommand.Scale.class,
      BenchCommand.Tokens.class,
      BenchCommand.Signals.class
    })
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    CommandLine commandLine = spec.commandLine();
    commandLine.usage(commandLine.getOut());
    return ExitCode.OK.value();
  }

  /** A benchmark in a JVM of its own, on this terminal. */
  private static ProcessBuilder bench(String main, List<String> arguments) {
    List<String> command = new ArrayList<>(Services.java(main, "-XX:+UseSerialGC"));
    command.addAll(arguments);
    return new ProcessBuilder(command).inheritIO();
  }

  /** Help needs nothing of what a benchmark needs. */
  private static boolean isHelp(List<String> arguments) {
    return arguments.contains("--help") || arguments.contains("-h");
  }

  /** The same for one that starts Envoy, which is fetched if need be. */
  private static int withEnvoy(String main, List<String> arguments)
      throws LaunchException, IOException, InterruptedException {
    if (isHelp(arguments)) {
      return bench(main, arguments).start().waitFor();
    }
    Path envoy =
        EnvoyBinary.locate(new DataOption().folder().root(), Progress.to(System.err))
            .toAbsolutePath();
    List<String> all = new ArrayList<>(List.of("--envoy", envoy.toString()));
    all.addAll(arguments);
    ProcessBuilder bench = bench(main, all);
    bench.environment().put("ENVOY", envoy.toString());
    return bench.start().waitFor();
  }

  /** Hands its options on; see {@code ./mantle bench gateway --help}. */
  @Command(
      name = "gateway",
      description = "A request's cost: direct, through Envoy alone, through Envoy and Mantle.")
  static final class Gateway implements Callable<Integer> {
    private static final String MAIN = "io.mantle.bench.GatewayBench";

    @Unmatched private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws LaunchException, IOException, InterruptedException {
      return withEnvoy(MAIN, arguments);
    }
  }

  /** Hands its options on; see {@code ./mantle bench signals --help}. */
  @Command(
      name = "signals",
      description = "What limits, metering, metrics, traces and logs cost, on and off in turns.")
  static final class Signals implements Callable<Integer> {
    private static final String MAIN = "io.mantle.bench.signals.SignalsBench";

    @Unmatched private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws LaunchException, IOException, InterruptedException {
      return withEnvoy(MAIN, arguments);
    }
  }

  /** Hands its options on; see {@code ./mantle bench conversation --help}. */
  @Command(
      name = "conversation",
      description = "What turns 1, 10 and 50 of a conversation cost, with and without the cache.")
  static final class Conversation implements Callable<Integer> {
    private static final String MAIN = "io.mantle.bench.ConversationBench";

    @Unmatched private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
      return bench(MAIN, arguments).start().waitFor();
    }
  }

  /** Hands its options on; see {@code ./mantle bench rehydrate --help}. */
  @Command(name = "rehydrate", description = "What restoration gets right, and what it costs.")
  static final class Rehydrate implements Callable<Integer> {
    private static final String MAIN = "io.mantle.bench.rehydrate.RehydrateBench";

    @Unmatched private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
      return bench(MAIN, arguments).start().waitFor();
    }
  }

  /** Hands its options on; see {@code ./mantle bench detect --help}. */
  @Command(name = "detect", description = "What the detector costs, and Presidio beside it.")
  static final class Detect implements Callable<Integer> {
    private static final String MAIN = "io.mantle.bench.detect.DetectBench";

    @Unmatched private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
      List<String> all = new ArrayList<>();
      if (!isHelp(arguments) && !arguments.contains("--no-presidio")) {
        PythonVenv.PRESIDIO
            .locate(new DataOption().folder().root(), Progress.to(System.err))
            .ifPresent(python -> all.addAll(List.of("--presidio", python.toString())));
      }
      all.addAll(arguments);
      return bench(MAIN, all).start().waitFor();
    }
  }

  /** Hands its options on; see {@code ./mantle bench leak --help}. */
  @Command(
      name = "leak",
      description = "The public harness pii-leak-benchmark against a gateway that runs.")
  static final class Leak implements Callable<Integer> {
    private static final String MAIN = "io.mantle.bench.LeakBench";

    @Unmatched private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
      if (isHelp(arguments)) {
        return bench(MAIN, arguments).start().waitFor();
      }
      Optional<Path> python =
          PythonVenv.LEAK_HARNESS.locate(new DataOption().folder().root(), Progress.to(System.err));
      if (python.isEmpty()) {
        return ExitCode.NOT_STARTED.value();
      }
      List<String> all = new ArrayList<>(List.of("--python", python.get().toString()));
      all.addAll(arguments);
      return bench(MAIN, all).start().waitFor();
    }
  }

  /** Hands its options on; see {@code ./mantle bench tokens --help}. */
  @Command(name = "tokens", description = "What it costs to estimate the tokens of a request.")
  static final class Tokens implements Callable<Integer> {
    private static final String MAIN = "io.mantle.bench.TokenBench";

    @Unmatched private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
      return bench(MAIN, arguments).start().waitFor();
    }
  }

  /** Hands its options on; see {@code ./mantle bench scale --help}. */
  @Command(
      name = "scale",
      description = "What the number of tenants costs: changes, memory, start-up, requests.")
  static final class Scale implements Callable<Integer> {
    private static final String MAIN = "io.mantle.bench.scale.ScaleBench";

    @Unmatched private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws LaunchException, IOException, InterruptedException {
      return withEnvoy(MAIN, arguments);
    }
  }
}
