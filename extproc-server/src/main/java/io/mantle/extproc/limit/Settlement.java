package io.mantle.extproc.limit;

import java.util.List;

/**
 * What Redis is to make of what a request took from it.
 *
 * @param tokensUsed what counts from now on; 0 gives back all
 * @param answered whether Redis said that it let the request in; where it said nothing it may do so
 *     yet, and then must not
 */
record Settlement(
    Ask ask, List<Budget> budgets, String stream, long tokensUsed, boolean answered) {}
