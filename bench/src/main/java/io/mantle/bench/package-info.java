/**
 * Benchmarks. In comes a command line; out come a table and, if asked for, a JSON file. It is here
 * so that what Mantle costs is measured beside what it is compared with, in one run, and not
 * remembered from another.
 *
 * <p>The doors are {@link io.mantle.bench.GatewayBench}, which sees no class of Mantle's: it starts
 * the same command as a person would, and speaks HTTP; {@link io.mantle.bench.LeakBench}, which
 * starts the same, with a public harness as its provider and client; {@link
 * io.mantle.bench.ConversationBench}, which calls the request's way without a network; {@link
 * io.mantle.bench.detect} for the detector alone; and {@link io.mantle.bench.TokenBench} for the
 * estimates of tokens.
 */
@NullMarked
package io.mantle.bench;

import org.jspecify.annotations.NullMarked;
