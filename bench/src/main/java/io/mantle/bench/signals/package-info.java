/**
 * What it costs to see: the same requests go through a gateway with limits, metering, metrics,
 * traces and logs, and through one without; ratios come out. It is here to hold that cost down.
 */
@NullMarked
package io.mantle.bench.signals;

import org.jspecify.annotations.NullMarked;
