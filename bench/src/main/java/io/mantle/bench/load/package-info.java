/**
 * The load client. In come an address, prompts and how hard to press; out come histograms of what a
 * client would have felt. It is here, and not an HTTP library, because its own cost is part of
 * every figure: one thread, one selector, sockets that stay open.
 */
@NullMarked
package io.mantle.bench.load;

import org.jspecify.annotations.NullMarked;
