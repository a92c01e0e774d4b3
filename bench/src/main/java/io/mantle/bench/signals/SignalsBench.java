package io.mantle.bench.signals;

import io.mantle.bench.Folders;
import io.mantle.bench.Machine;
import io.mantle.bench.MantleRun;
import io.mantle.bench.ProviderProcess;
import io.mantle.bench.load.WrongAnswerException;
import io.mantle.bench.prompt.Delivery;
import io.mantle.bench.prompt.Prompt;
import io.mantle.bench.prompt.Prompts;
import io.mantle.bench.prompt.Prompts.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./mantle bench signals}: what limits, metering, metrics, traces and logs together cost, by
 * two tenants of one gateway that send the same requests in turns, one with all of it and one with
 * none.
 *
 * <p>It fails, whatever the figures, when an answer is not to the letter what it must be, or when
 * no trace arrived.
 */
@Command(
    name = "mantle bench signals",
    mixinStandardHelpOptions = true,
    description = "What limits, metering, metrics, traces and logs cost, on and off in turns.")
public final class SignalsBench implements Callable<Integer> {
  /** Of each tenant; before, the JIT compiler takes more CPU than the requests do. */
  private static final long WARM_UP_REQUESTS = 20_000;

  private static final long WARM_UP_BLOCK_MILLIS = 2_000;
  private static final int CONNECTIONS_MAX = 1_000;

  private static final Map<String, List<Prompt>> WORKLOADS = new LinkedHashMap<>();

  static {
    WORKLOADS.put("1 KB, private values", Prompts.of(Kind.PRIVATE_1K, Delivery.WHOLE));
    WORKLOADS.put("1 KB, nothing private", Prompts.of(Kind.PLAIN_1K, Delivery.WHOLE));
    WORKLOADS.put("stream of 50 chunks", Prompts.of(Kind.PRIVATE_1K, Delivery.STREAMED));
  }

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "12",
      description = "Blocks of each workload and tenant. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--block-millis",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Length of a block. Default: ${DEFAULT-VALUE}.")
  private long blockMillis;

  @Option(
      names = "--warm-up-seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "At most, of each tenant. Default: ${DEFAULT-VALUE}.")
  private long warmUpSeconds;

  @Option(
      names = "--traced",
      paramLabel = "RATIO",
      defaultValue = "1",
      description = "How many of the requests are traced, from 0 to 1. Default: ${DEFAULT-VALUE}.")
  private double traced;

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only the workloads whose name holds this.")
  private String only = "";

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "8",
      description = "That are busy at once. Default: ${DEFAULT-VALUE}.")
  private int connections;

  @Option(
      names = "--envoy",
      paramLabel = "FILE",
      required = true,
      hidden = true,
      description = "Envoy's binary; the launcher names it.")
  private @Nullable Path envoy;

  private SignalsBench() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SignalsBench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path binary = envoy;
    if (binary == null
        || rounds < 1
        || connections < 1
        || connections > CONNECTIONS_MAX
        || !(traced >= 0 && traced <= 1)) {
      System.err.println(
          "mantle: --rounds and --connections are positive, connections at most "
              + CONNECTIONS_MAX
              + ", --traced is within 0 and 1");
      return 2;
    }
    Path folder = Files.createTempDirectory("mantle-bench-");
    SignalsReport report = new SignalsReport(Machine.here(binary), traced);
    try (ProviderProcess provider = ProviderProcess.start();
        Collector collector = new Collector()) {
      measure(provider.anyPort(), folder, collector, report);
      if (traced > 0 && collector.bytes() == 0) {
        throw new WrongAnswerException("no trace arrived");
      }
    } catch (WrongAnswerException e) {
      System.err.println("mantle: the bench failed: " + e.getMessage());
      System.err.println("mantle: logs are in " + folder);
      return 1;
    }
    report.print(System.out);
    Folders.delete(folder);
    return 0;
  }

  private void measure(int providerPort, Path folder, Collector collector, SignalsReport report)
      throws IOException, InterruptedException, WrongAnswerException {
    PrintStream progress = System.err;
    progress.println("starting the provider and Mantle ...");
    try (MantleRun mantle = Gateway.start(providerPort, folder, collector, traced);
        Gateway seeing = Gateway.seeing(mantle, connections);
        Gateway blind = Gateway.blind(mantle, providerPort, connections)) {
      progress.println("warming up ...");
      warmUp(seeing);
      warmUp(blind);
      for (int round = 0; round < rounds; round++) {
        progress.println("round " + (round + 1) + " of " + rounds + " ...");
        for (Map.Entry<String, List<Prompt>> workload : WORKLOADS.entrySet()) {
          if (!workload.getKey().contains(only)) {
            continue;
          }
          // Each goes first in every other round.
          Gateway first = round % 2 == 0 ? seeing : blind;
          Gateway second = round % 2 == 0 ? blind : seeing;
          Gateway.Cost one = first.block(workload.getValue(), blockMillis);
          Gateway.Cost other = second.block(workload.getValue(), blockMillis);
          report.add(workload.getKey(), round % 2 == 0 ? one : other, round % 2 == 0 ? other : one);
        }
      }
    }
  }

  private void warmUp(Gateway gateway) throws IOException, WrongAnswerException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(warmUpSeconds);
    long requests = 0;
    while (requests < WARM_UP_REQUESTS && System.nanoTime() - end < 0) {
      for (List<Prompt> prompts : WORKLOADS.values()) {
        requests += gateway.press(prompts, WARM_UP_BLOCK_MILLIS).requests();
      }
    }
  }
}
