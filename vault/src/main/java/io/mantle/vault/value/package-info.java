/**
 * The leaves of the vault: what is kept, what a deletion answers, how a call fails. They come in
 * and go out of every stage and see none.
 */
@NullMarked
package io.mantle.vault.value;

import org.jspecify.annotations.NullMarked;
