/**
 * Measures a detector against labelled text. In: lines of JSON as people or tools marked them, and
 * what a detector found. Out: a {@link io.mantle.privacy.detect.evaluation.Score}. It is here, and
 * not in the command, so that a build can hold a detector to a floor.
 */
@NullMarked
package io.mantle.privacy.detect.evaluation;

import org.jspecify.annotations.NullMarked;
