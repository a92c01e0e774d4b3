/**
 * Benchmarks of the running whole. In comes a command line; out come a table and, if asked for, a
 * JSON file. It is here so that what Mantle costs is measured beside what it is compared with, in
 * one run, and not remembered from another.
 *
 * <p>{@link io.mantle.bench.GatewayBench} is the door. This code sees no class of Mantle's: it
 * starts the same command as a person would, and speaks HTTP. The detector alone is measured in
 * {@link io.mantle.bench.detect}.
 */
@NullMarked
package io.mantle.bench;

import org.jspecify.annotations.NullMarked;
