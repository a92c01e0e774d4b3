/**
 * What restoration gets right, and what it costs. In comes a command line; out come match rates by
 * form, the rate of false restorations and throughput. It is here so that tolerance is measured at
 * both of its ends: what a model's way of writing loses, and what merely looks alike.
 *
 * <p>{@link io.mantle.bench.rehydrate.RehydrateBench} is the door.
 */
@NullMarked
package io.mantle.bench.rehydrate;

import org.jspecify.annotations.NullMarked;
