/**
 * Measures a detector. In: lines of JSON as people or tools marked them, or text that should hold
 * nothing private, and what a detector found in either. Out: a {@link
 * io.mantle.privacy.detect.evaluation.Score} with its intervals, or {@link
 * io.mantle.privacy.detect.evaluation.FalseAlarms}. It is here, and not in the command, so that a
 * build can hold a detector to a floor.
 */
@NullMarked
package io.mantle.privacy.detect.evaluation;

import org.jspecify.annotations.NullMarked;
