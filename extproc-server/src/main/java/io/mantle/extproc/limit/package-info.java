/**
 * How much a tenant and its keys may ask for. In comes who asks and an estimate of the tokens; out
 * comes a {@link io.mantle.extproc.limit.Verdict}, with what the client is told of its limits and,
 * where it was let in, a reservation that the exchange settles when it ends, however it ends. Exact
 * budgets are shared through Redis; without one each server keeps its own.
 */
@NullMarked
package io.mantle.extproc.limit;

import org.jspecify.annotations.NullMarked;
