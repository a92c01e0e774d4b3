/**
 * JSON as bytes that are not ours to rewrite. In: a body. Out: where its strings, keys and numbers
 * stand, what they say, and the same body with a few byte ranges replaced. Nothing is ever parsed
 * into a model and written back, so key order, number spelling, escapes and unknown fields outside
 * an edit survive byte for byte.
 */
@NullMarked
package io.mantle.privacy.json;

import org.jspecify.annotations.NullMarked;
