/**
 * Finds known phrases in text, whole or streamed. Used in both directions: a request's own values
 * are found wherever else they stand, and an answer's surrogates are found to be restored.
 */
@NullMarked
package io.mantle.privacy.match;

import org.jspecify.annotations.NullMarked;
