package io.mantle.extproc.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client resends with every turn, by which a conversation is known again.
 *
 * @param members of the request's root that belong to it, each whole
 * @param turns the member that holds the turns, of which all up to and including the first of a
 *     user belong to it; null where there are none
 */
public record Opening(List<String> members, @Nullable String turns) {}
