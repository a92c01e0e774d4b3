package io.mantle.bench;

import io.mantle.bench.prompt.Delivery;
import io.mantle.bench.prompt.Prompt;
import io.mantle.bench.prompt.Prompts;
import io.mantle.bench.prompt.Prompts.Kind;
import java.util.List;

/**
 * What is asked, and how hard.
 *
 * @param connections that are busy at once; of a paced workload, how many there may be
 */
record Workload(String name, Kind kind, Delivery delivery, int connections) {
  /** Streams a second of a paced workload: with 0.4 s each, ten are on their way at once. */
  static final int PACED_PER_SECOND = 25;

  static List<Workload> all(int connections) {
    return List.of(
        new Workload("1 KB, private values", Kind.PRIVATE_1K, Delivery.WHOLE, 1),
        new Workload("1 KB, nothing private", Kind.PLAIN_1K, Delivery.WHOLE, 1),
        new Workload("16 KB, private values", Kind.PRIVATE_16K, Delivery.WHOLE, 1),
        new Workload("stream of 50 chunks", Kind.PRIVATE_1K, Delivery.STREAMED, 1),
        new Workload("paced stream, 20 chunks at 20 ms", Kind.PRIVATE_1K, Delivery.PACED, 0),
        new Workload("1 KB, private values", Kind.PRIVATE_1K, Delivery.WHOLE, connections),
        new Workload("1 KB, nothing private", Kind.PLAIN_1K, Delivery.WHOLE, connections),
        new Workload("16 KB, private values", Kind.PRIVATE_16K, Delivery.WHOLE, connections),
        new Workload("stream of 50 chunks", Kind.PRIVATE_1K, Delivery.STREAMED, connections));
  }

  List<Prompt> prompts() {
    return Prompts.of(kind, delivery);
  }

  boolean isPaced() {
    return delivery == Delivery.PACED;
  }

  String title() {
    return isPaced()
        ? name + ", " + PACED_PER_SECOND + " begun a second"
        : name + (connections == 1 ? ", 1 connection" : ", " + connections + " connections");
  }
}
