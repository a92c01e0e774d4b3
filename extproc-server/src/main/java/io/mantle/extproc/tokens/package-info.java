/**
 * How many tokens a request or an answer has, where the provider does not say so or has not yet. In
 * come bodies and texts; out come estimates by OpenAI's vocabularies. The work on each is bounded,
 * whatever a client or a model writes, and nothing is counted that nobody asks for.
 */
@NullMarked
package io.mantle.extproc.tokens;

import org.jspecify.annotations.NullMarked;
