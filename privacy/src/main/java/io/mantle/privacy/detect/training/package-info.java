/**
 * Trains and measures the tagger. In: labelled text, word lists, clean text. Out: the model file,
 * and its figures on what was held back. Run by hand, never by the gateway.
 */
@NullMarked
package io.mantle.privacy.detect.training;

import org.jspecify.annotations.NullMarked;
