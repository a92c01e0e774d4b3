/**
 * What outlives a request: which surrogate stands for whom in a conversation, which bytes were
 * delivered, a random salt. In: a tenant's id, a conversation's id, and what to keep. Out: what was
 * kept before, or a receipt that it is gone. {@link io.mantle.vault.Vault} is the door; it puts the
 * keys ({@code keys}) and the place where sealed bytes lie ({@code store}, {@code redis}) together.
 */
@NullMarked
package io.mantle.vault;

import org.jspecify.annotations.NullMarked;
