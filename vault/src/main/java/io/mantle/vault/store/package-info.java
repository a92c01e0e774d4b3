/**
 * The port to where sealed bytes lie. In: names that tell nothing, and sealed bytes. Out: the same
 * bytes, or none. A store never sees a key or a value in clear; nothing here opens anything.
 */
@NullMarked
package io.mantle.vault.store;

import org.jspecify.annotations.NullMarked;
