/**
 * What a policy would make of a text, for who writes policies: a stored policy and a text come in,
 * what was found and the masked text go out. The engine is the sidecars', so that what is shown is
 * what they do. Nothing of a text is kept, logged or counted; here alone in the control plane it is
 * read.
 */
@NullMarked
package io.mantle.controlplane.preview;

import org.jspecify.annotations.NullMarked;
