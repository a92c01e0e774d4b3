/**
 * Makes the stand-ins. In: an entity and the conversation it stands in. Out: a realistic surrogate
 * of the same type, shape and spelling, the same each time. {@link
 * io.mantle.privacy.surrogate.SurrogateTable.Builder} is the door of a request; it takes its
 * candidates from the one {@link io.mantle.privacy.surrogate.SurrogateMint} of the process, which
 * has a {@code Shape} for each entity type.
 */
@NullMarked
package io.mantle.privacy.surrogate;

import org.jspecify.annotations.NullMarked;
