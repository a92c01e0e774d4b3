/**
 * Puts the real values back. In: what a provider says, in pieces cut anywhere. Out: the same with
 * each surrogate replaced by what it stands for, as soon as it is certain. {@link
 * io.mantle.privacy.rehydrate.Rehydrator} is the door.
 */
@NullMarked
package io.mantle.privacy.rehydrate;

import org.jspecify.annotations.NullMarked;
