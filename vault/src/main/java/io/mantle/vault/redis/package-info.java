/**
 * Keeps sealed bytes in a Redis, or a cluster of them, that all replicas share. In and out as the
 * port in {@code store} says. Here alone is Lettuce known, and here alone is anything waited for.
 */
@NullMarked
package io.mantle.vault.redis;

import org.jspecify.annotations.NullMarked;
