/**
 * Makes the stand-ins. In: an entity and the conversation it stands in. Out: a realistic surrogate
 * of the same type, shape and spelling, the same each time. {@link
 * io.mantle.privacy.surrogate.SurrogateMint} is the door.
 */
@NullMarked
package io.mantle.privacy.surrogate;

import org.jspecify.annotations.NullMarked;
