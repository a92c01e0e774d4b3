/**
 * The deep tier: a neural model reads the sentences in which the fast tiers may have missed
 * something. In: one text and what the fast tiers found in it. Out: spans as of any detector, or a
 * refusal when the model had not the time. {@link io.mantle.privacy.detect.deep.DeepDetector} is
 * the door; a model stands behind {@link io.mantle.privacy.detect.deep.TokenClassifier}, so nothing
 * here needs a neural runtime.
 */
@NullMarked
package io.mantle.privacy.detect.deep;

import org.jspecify.annotations.NullMarked;
