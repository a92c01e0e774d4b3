package io.mantle.bench;

import io.mantle.bench.load.Address;
import io.mantle.bench.load.LoadClient;
import io.mantle.bench.load.LoadClient.Block;
import io.mantle.bench.load.WrongAnswerException;
import io.mantle.bench.prompt.Delivery;
import io.mantle.bench.prompt.Prompt;
import io.mantle.bench.prompt.Prompts;
import io.mantle.bench.prompt.Prompts.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Runs blocks in turns: direct, Envoy alone, Mantle, and again, each round beginning with another
 * of them, so that what else the machine does meanwhile falls on all alike.
 */
final class Blocks implements AutoCloseable {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** After half as many, the JIT compiler still takes more CPU than the exchanges do. */
  private static final long WARM_UP_REQUESTS_MIN = 20_000;

  /** Warm is what got no faster than this in its last {@link #STEADY_BLOCKS} blocks. */
  private static final double STEADY_GAIN = 1.03;

  private static final int STEADY_BLOCKS = 4;

  /** More would only wait for each other, and a cold server for longer than Envoy does. */
  private static final int WARM_UP_CONNECTIONS = 4;

  private final Map<Arm, LoadClient> clients = new EnumMap<>(Arm.class);
  private final CpuTimes cpu;
  private final PrintStream progress;

  Blocks(
      Address direct,
      Address envoy,
      Address mantle,
      int connections,
      CpuTimes cpu,
      PrintStream progress)
      throws IOException {
    int open = Math.max(connections, WARM_UP_CONNECTIONS);
    clients.put(Arm.DIRECT, new LoadClient(direct, open));
    clients.put(Arm.ENVOY, new LoadClient(envoy, open));
    clients.put(Arm.MANTLE, new LoadClient(mantle, open));
    this.cpu = cpu;
    this.progress = progress;
  }

  /** Presses until Mantle gets no faster, the others for a moment; counts nothing. */
  WarmUp warmUp(long secondsMax) throws IOException, WrongAnswerException {
    progress.println("warming up ...");
    List<List<Prompt>> kinds =
        List.of(
            Prompts.of(Kind.PRIVATE_1K, Delivery.WHOLE),
            Prompts.of(Kind.PRIVATE_1K, Delivery.STREAMED),
            Prompts.of(Kind.PRIVATE_16K, Delivery.WHOLE),
            Prompts.of(Kind.PLAIN_1K, Delivery.WHOLE));
    for (Arm arm : List.of(Arm.DIRECT, Arm.ENVOY)) {
      for (List<Prompt> prompts : kinds) {
        client(arm).closedLoop(prompts, WARM_UP_CONNECTIONS, NANOS_PER_SECOND / 4);
      }
    }
    long start = System.nanoTime();
    long requests = 0;
    List<Double> speeds = new ArrayList<>();
    boolean steady = false;
    while (!steady && System.nanoTime() - start < secondsMax * NANOS_PER_SECOND) {
      for (List<Prompt> prompts : kinds.subList(1, kinds.size())) {
        requests +=
            client(Arm.MANTLE)
                .closedLoop(prompts, WARM_UP_CONNECTIONS, NANOS_PER_SECOND / 8)
                .requests();
      }
      Block block =
          client(Arm.MANTLE)
              .closedLoop(kinds.getFirst(), WARM_UP_CONNECTIONS, NANOS_PER_SECOND / 2);
      requests += block.requests();
      speeds.add(block.perSecond());
      steady = requests >= WARM_UP_REQUESTS_MIN && isSteady(speeds);
    }
    return new WarmUp(requests, (System.nanoTime() - start) / 1e9, steady);
  }

  private static boolean isSteady(List<Double> speeds) {
    int before = speeds.size() - STEADY_BLOCKS;
    return before > 0
        && best(speeds.subList(before, speeds.size()))
            <= STEADY_GAIN * best(speeds.subList(0, before));
  }

  private static double best(List<Double> speeds) {
    return speeds.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  List<BlockResult> measure(List<Workload> workloads, int rounds, long blockMillis)
      throws IOException, WrongAnswerException {
    List<BlockResult> results = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      progress.println("round " + (round + 1) + " of " + rounds + " ...");
      List<Arm> order = new ArrayList<>(List.of(Arm.values()));
      Collections.rotate(order, round);
      for (Workload workload : workloads) {
        for (Arm arm : order) {
          Map<String, Double> before = cpu.now();
          Block block = block(workload, arm, blockMillis * NANOS_PER_MILLI);
          results.add(new BlockResult(workload, arm, round, block, cpu.since(before)));
        }
      }
    }
    return results;
  }

  private Block block(Workload workload, Arm arm, long nanos)
      throws IOException, WrongAnswerException {
    return workload.isPaced()
        ? client(arm)
            .openLoop(workload.prompts(), NANOS_PER_SECOND / Workload.PACED_PER_SECOND, 2 * nanos)
        : client(arm).closedLoop(workload.prompts(), workload.connections(), nanos);
  }

  private LoadClient client(Arm arm) {
    LoadClient client = clients.get(arm);
    if (client == null) {
      throw new IllegalArgumentException(arm.name());
    }
    return client;
  }

  @Override
  public void close() throws IOException {
    for (LoadClient client : clients.values()) {
      client.close();
    }
  }
}
