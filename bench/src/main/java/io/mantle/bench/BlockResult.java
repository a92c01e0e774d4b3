package io.mantle.bench;

import io.mantle.bench.load.LoadClient.Block;
import java.util.Map;

/**
 * One block: a workload on one way, for about a second.
 *
 * @param cpuMillis that each process used meanwhile, by its name
 */
record BlockResult(
    Workload workload, Arm arm, int round, Block block, Map<String, Double> cpuMillis) {}
