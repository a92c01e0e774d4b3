package io.mantle.privacy.detect.deep;

import io.mantle.privacy.value.EntityType;
import org.jspecify.annotations.Nullable;

/**
 * What a model takes a piece for.
 *
 * @param type null: for nothing private, or for nothing that is asked of this model
 * @param score its confidence, 0 to 1
 */
public record Guess(@Nullable EntityType type, double score) {
  public static final Guess NOTHING = new Guess(null, 0);
}
