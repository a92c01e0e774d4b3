/**
 * The keys: a master key wraps each tenant's, a tenant's wraps each conversation's, a
 * conversation's seals its entries. In: bytes and what they belong to. Out: the same bytes, sealed
 * or opened. Here alone are keys in clear, and here alone is Tink known.
 */
@NullMarked
package io.mantle.vault.keys;

import org.jspecify.annotations.NullMarked;
