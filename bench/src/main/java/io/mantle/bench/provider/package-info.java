/**
 * The provider that the benchmark talks to, a process of its own so that its CPU is counted apart.
 * In come chat requests; out come the first line of the prompt, whole, streamed or paced, and a
 * count of the requests that still held a private value.
 */
@NullMarked
package io.mantle.bench.provider;

import org.jspecify.annotations.NullMarked;
