/**
 * The leaves of the engine: entity types, spans, plain text, surrogates. They come in and go out of
 * every stage and see none.
 */
@NullMarked
package io.mantle.privacy.value;

import org.jspecify.annotations.NullMarked;
