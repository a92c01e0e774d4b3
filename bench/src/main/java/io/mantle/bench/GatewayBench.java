package io.mantle.bench;

import io.mantle.bench.load.Address;
import io.mantle.bench.load.WrongAnswerException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./mantle bench gateway}: what a request costs directly, through Envoy, and through Envoy
 * and Mantle, measured in turns in one run.
 *
 * <p>It fails, whatever the times, when an answer through any of the ways is not to the letter what
 * it must be, or when the provider saw a private value behind Mantle.
 */
@Command(
    name = "mantle bench gateway",
    mixinStandardHelpOptions = true,
    description = "What a request costs: direct, through Envoy alone, through Envoy and Mantle.")
public final class GatewayBench implements Callable<Integer> {
  private static final int ROUNDS = 5;
  private static final int ROUNDS_QUICK = 2;
  private static final long BLOCK_MILLIS = 800;
  private static final long BLOCK_MILLIS_QUICK = 400;
  private static final long WARM_UP_SECONDS_MAX = 45;
  private static final long WARM_UP_SECONDS_MAX_QUICK = 12;
  private static final int CONNECTIONS_MAX = 1_000;

  @Option(names = "--quick", description = "About 40 s instead of about 2.5 minutes.")
  private boolean quick;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each block is repeated. Default: 5, or 2 with --quick.")
  private @Nullable Integer rounds;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "16",
      description = "Of the blocks that press. Default: ${DEFAULT-VALUE}.")
  private int connections;

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only the workloads whose title holds this.")
  private String only = "";

  @Option(names = "--json", paramLabel = "FILE", description = "Writes every figure there too.")
  private @Nullable Path json;

  @Option(
      names = "--envoy",
      paramLabel = "FILE",
      required = true,
      hidden = true,
      description = "Envoy's binary; the launcher names it.")
  private @Nullable Path envoy;

  private GatewayBench() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new GatewayBench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (connections < 2 || connections > CONNECTIONS_MAX) {
      System.err.println("mantle: --connections must be within 2 and " + CONNECTIONS_MAX);
      return 2;
    }
    Path binary = envoy;
    if (binary == null) {
      return 2;
    }
    Path folder = Files.createTempDirectory("mantle-bench-");
    try {
      run(binary, folder);
    } catch (WrongAnswerException e) {
      System.err.println("mantle: the bench failed: " + e.getMessage());
      System.err.println("mantle: logs are in " + folder);
      return 1;
    }
    Folders.delete(folder);
    return 0;
  }

  private void run(Path binary, Path folder)
      throws IOException, InterruptedException, WrongAnswerException {
    PrintStream progress = System.err;
    Machine machine = Machine.here(binary);
    progress.println("starting the provider, Envoy alone, and Mantle ...");
    try (ProviderProcess provider = ProviderProcess.start();
        PlainEnvoy plain = PlainEnvoy.start(binary, provider.port(Arm.ENVOY), folder);
        MantleRun mantle = MantleRun.start(provider.port(Arm.MANTLE), folder)) {
      CpuTimes cpu = new CpuTimes();
      cpu.watch("client", ProcessHandle.current().pid());
      cpu.watch("provider", provider.pid());
      cpu.watch("Envoy alone", plain.pid());
      cpu.watch("Envoy", mantle.pid("envoy"));
      cpu.watch("ext_proc", mantle.pid("extproc"));
      List<Workload> workloads =
          Workload.all(connections).stream().filter(w -> w.title().contains(only)).toList();
      try (Blocks blocks =
          new Blocks(
              new Address(provider.port(Arm.DIRECT), ""),
              new Address(plain.port(), ""),
              new Address(mantle.port(), mantle.key()),
              Math.max(connections, Workload.PACED_PER_SECOND),
              cpu,
              progress)) {
        WarmUp warmUp = blocks.warmUp(quick ? WARM_UP_SECONDS_MAX_QUICK : WARM_UP_SECONDS_MAX);
        List<BlockResult> results =
            blocks.measure(
                workloads,
                rounds != null ? rounds : quick ? ROUNDS_QUICK : ROUNDS,
                quick ? BLOCK_MILLIS_QUICK : BLOCK_MILLIS);
        check(provider);
        Report report = new Report(machine, warmUp, results, provider.counts(Arm.MANTLE));
        report.print(System.out);
        if (json != null) {
          report.writeJson(json);
        }
      }
    }
  }

  private static void check(ProviderProcess provider) throws IOException, WrongAnswerException {
    ProviderProcess.Counts seen = provider.counts(Arm.MANTLE);
    if (seen.leaks() > 0) {
      throw new WrongAnswerException(
          "behind Mantle, the provider saw a private value in %d of %d requests"
              .formatted(seen.leaks(), seen.requests()));
    }
  }
}
