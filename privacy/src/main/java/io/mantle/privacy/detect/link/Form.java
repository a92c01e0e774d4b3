package io.mantle.privacy.detect.link;

import io.mantle.privacy.value.EntityType;

/**
 * A spelling under which a value that was found may stand elsewhere.
 *
 * @param type what a place is that is linked by it
 * @param care how much must speak for a place
 * @param score of a place that is linked by it
 */
record Form(EntityType type, Care care, double score) {

  enum Care {
    /** The value as it was found: wherever it stands as a word of its own. */
    AS_FOUND,
    /** Several words of a name in a row, or a handle: not within something else that was found. */
    SEVERAL_WORDS,
    /** One word that is a name and hardly anything else: not in a program or a path either. */
    NAME,
    /** One word that means something else too: only where it is written as a name is. */
    COMMON_WORD
  }
}
