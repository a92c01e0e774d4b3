/**
 * What a model says of its own that a tenant would not let leave. In: restored text of an answer as
 * it grows, and the prompt. Out: the text with such stretches masked, or word that there are some.
 */
@NullMarked
package io.mantle.privacy.produced;

import org.jspecify.annotations.NullMarked;
