/**
 * Takes off what hides a value from a recognizer. In: a passage. Out: {@link
 * io.mantle.privacy.detect.disguise.Unmasked}, the text without disguise, whose spans can be
 * pointed at in the original.
 */
@NullMarked
package io.mantle.privacy.detect.disguise;

import org.jspecify.annotations.NullMarked;
