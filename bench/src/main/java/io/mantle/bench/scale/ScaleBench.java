package io.mantle.bench.scale;

import io.mantle.bench.Folders;
import io.mantle.bench.Machine;
import io.mantle.bench.ProviderProcess;
import io.mantle.bench.load.WrongAnswerException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./mantle bench scale}: what the number of tenants costs.
 *
 * <p>It fails when Envoy refused something, when a change did not arrive, or when a request was not
 * answered to the letter; never because of a time.
 */
@Command(
    name = "mantle bench scale",
    mixinStandardHelpOptions = true,
    description = "What the number of tenants costs: changes, memory, start-up, requests.")
public final class ScaleBench implements Callable<Integer> {
  private static final int WARM_UP_SECONDS = 10;
  private static final Duration END_NOTICED_AFTER = Duration.ofSeconds(1);

  @Option(
      names = "--tenants",
      paramLabel = "N,N,...",
      split = ",",
      defaultValue = "10,1000,10000",
      description = "How many, one run each. Default: ${DEFAULT-VALUE}; 100000 takes minutes more.")
  private List<Integer> tenants = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "45",
      description = "How long tenants are changed. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--changes",
      paramLabel = "N",
      defaultValue = "20",
      description = "Tenants changed a second. Default: ${DEFAULT-VALUE}.")
  private int changesPerSecond;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "12",
      description =
          "Blocks of requests with the fewest and the most tenants, in turns; 0 for none."
              + " Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--block-millis",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Length of such a block. Default: ${DEFAULT-VALUE}.")
  private long blockMillis;

  @Option(
      names = "--envoy",
      paramLabel = "FILE",
      required = true,
      hidden = true,
      description = "Envoy's binary; the launcher names it.")
  private @Nullable Path envoy;

  private ScaleBench() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ScaleBench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path binary = envoy;
    if (binary == null || tenants.stream().anyMatch(count -> count < 1)) {
      System.err.println("mantle: --tenants are positive numbers");
      return 2;
    }
    Path folder = Files.createTempDirectory("mantle-bench-");
    List<ScaleStack> stacks = new ArrayList<>();
    try (ProviderProcess provider = ProviderProcess.start()) {
      try {
        run(binary, folder, "http://127.0.0.1:" + provider.anyPort() + "/v1", stacks);
      } catch (WrongAnswerException | IOException | SQLException e) {
        System.err.println("mantle: the bench failed: " + reason(e, provider, stacks));
        System.err.println("mantle: logs are in " + folder);
        return 1;
      }
    } finally {
      for (ScaleStack stack : stacks.reversed()) {
        stack.close();
      }
    }
    Folders.delete(folder);
    return 0;
  }

  /** A process that ended explains whatever else was noticed, perhaps a moment before. */
  private static String reason(Exception noticed, ProviderProcess provider, List<ScaleStack> stacks)
      throws InterruptedException {
    long end = System.nanoTime() + END_NOTICED_AFTER.toNanos();
    Optional<String> ended;
    do {
      ended =
          Stream.concat(
                  stacks.stream().flatMap(stack -> stack.ended().stream()),
                  provider.ended().stream())
              .findFirst();
      Thread.sleep(10);
    } while (ended.isEmpty()
        && !(noticed instanceof PartEndedException)
        && System.nanoTime() - end < 0);
    return ended.orElse(String.valueOf(noticed.getMessage()));
  }

  private void run(Path binary, Path folder, String providerUrl, List<ScaleStack> stacks)
      throws IOException, InterruptedException, SQLException, WrongAnswerException {
    PrintStream progress = System.err;
    ScaleReport report = new ScaleReport(Machine.here(binary), changesPerSecond, seconds);
    for (int count : tenants) {
      progress.println("starting with " + count + " tenants ...");
      ScaleStack stack =
          new ScaleStack(folder.resolve(Integer.toString(count)), binary, count, providerUrl);
      stacks.add(stack);
      progress.println("changing tenants ...");
      // A control plane that has just started compiles its code first; its changes are not counted.
      if (new ChangeLoad(stack).run(changesPerSecond, WARM_UP_SECONDS).missing() > 0) {
        throw new WrongAnswerException("a change did not arrive with " + count + " tenants");
      }
      ChangeLoad.Result changes = new ChangeLoad(stack).run(changesPerSecond, seconds);
      report.add(stack, changes, Machine.load());
      if (stack.relay().rejections() > 0 || changes.missing() > 0) {
        report.print(System.out);
        throw new WrongAnswerException(
            "with %d tenants Envoy refused %d updates, and %d changes did not arrive"
                .formatted(count, stack.relay().rejections(), changes.missing()));
      }
    }
    if (rounds > 0 && stacks.size() > 1) {
      report.requests(
          stacks.getFirst(),
          stacks.getLast(),
          new RequestCost(progress)
              .measure(stacks.getFirst(), stacks.getLast(), rounds, blockMillis),
          Machine.load());
    }
    report.print(System.out);
  }
}
