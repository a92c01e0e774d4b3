/**
 * Finds entities of one family each, by form, context and check digits, or by the trained tagger.
 * In: a {@link io.mantle.privacy.detect.passage.Passage}. Out: spans, in order and apart within a
 * recognizer. {@link io.mantle.privacy.detect.recognizer.Recognizers} is the door.
 */
@NullMarked
package io.mantle.privacy.detect.recognizer;

import org.jspecify.annotations.NullMarked;
