/**
 * Puts the real values back. In: what a provider says, in pieces cut anywhere. Out: the same with
 * each surrogate replaced by what it stands for, as soon as it is certain, and a tally of how. It
 * is here so that what a model does to a name on its way does not cost the client the name. {@link
 * io.mantle.privacy.rehydrate.Restoration} is an exchange's, {@link
 * io.mantle.privacy.rehydrate.Rehydrator} a channel's.
 */
@NullMarked
package io.mantle.privacy.rehydrate;

import org.jspecify.annotations.NullMarked;
