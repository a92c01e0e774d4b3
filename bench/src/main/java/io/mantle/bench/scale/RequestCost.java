package io.mantle.bench.scale;

import io.mantle.bench.CpuTimes;
import io.mantle.bench.PairedRatio;
import io.mantle.bench.load.Address;
import io.mantle.bench.load.LoadClient;
import io.mantle.bench.load.WrongAnswerException;
import io.mantle.bench.prompt.Delivery;
import io.mantle.bench.prompt.Prompt;
import io.mantle.bench.prompt.Prompts;
import io.mantle.bench.prompt.Prompts.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The CPU that Envoy and the ext_proc server spend on a request, with few tenants and with many, in
 * blocks in turns. Each block is of another tenant, so that no part is measured on one it has just
 * served.
 */
final class RequestCost {
  private static final int CONNECTIONS = 4;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Of both; before, the JIT compiler takes more CPU than the requests do. */
  private static final long WARM_UP_REQUESTS = 40_000;

  private static final long WARM_UP_SECONDS_MAX = 120;
  private static final long WARM_UP_BLOCK_MILLIS = 2_000;

  private final List<Prompt> prompts = Prompts.of(Kind.PRIVATE_1K, Delivery.WHOLE);
  private final PrintStream progress;
  private long requests;

  RequestCost(PrintStream progress) {
    this.progress = progress;
  }

  /**
   * Milliseconds of CPU for 1,000 requests.
   *
   * @param few of each round, with few tenants
   * @param many of the same rounds, with many
   * @param ratio many by few, the geometric mean of the rounds
   * @param ratioLow the interval of 95 % of the ratio, by Student's t of the logarithms
   */
  record Result(
      List<Double> few, List<Double> many, double ratio, double ratioLow, double ratioHigh) {}

  Result measure(ScaleStack few, ScaleStack many, int rounds, long blockMillis)
      throws IOException, WrongAnswerException {
    progress.println("warming up for requests ...");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS_MAX);
    requests = 0;
    for (int i = 0; requests < WARM_UP_REQUESTS && System.nanoTime() - end < 0; i++) {
      block(few, i, WARM_UP_BLOCK_MILLIS);
      block(many, i, WARM_UP_BLOCK_MILLIS);
    }
    List<Double> ofFew = new ArrayList<>();
    List<Double> ofMany = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      progress.println("requests, round " + (round + 1) + " of " + rounds + " ...");
      if (round % 2 == 0) {
        ofFew.add(block(few, round, blockMillis));
        ofMany.add(block(many, round, blockMillis));
      } else {
        ofMany.add(block(many, round, blockMillis));
        ofFew.add(block(few, round, blockMillis));
      }
    }
    return result(ofFew, ofMany);
  }

  private double block(ScaleStack stack, int round, long millis)
      throws IOException, WrongAnswerException {
    stack.check();
    CpuTimes cpu = new CpuTimes();
    cpu.watch("Envoy", stack.envoyPid());
    cpu.watch("ext_proc", stack.extProcPid());
    int tenant = (int) (round * 7_919L % stack.tenants().count());
    try (LoadClient client =
        new LoadClient(new Address(stack.gatewayPort(), TenantTable.key(tenant)), CONNECTIONS)) {
      Map<String, Double> before = cpu.now();
      LoadClient.Block block = client.closedLoop(prompts, CONNECTIONS, millis * NANOS_PER_MILLI);
      requests += block.requests();
      double used = cpu.since(before).values().stream().mapToDouble(Double::doubleValue).sum();
      return used * 1_000 / block.requests();
    }
  }

  static Result result(List<Double> few, List<Double> many) {
    PairedRatio ratio = PairedRatio.of(many, few);
    return new Result(few, many, ratio.mean(), ratio.low(), ratio.high());
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
