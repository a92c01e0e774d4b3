/**
 * A text as recognizers read it. In: the text. Out: its words, runs of digits and marks, learned in
 * one pass that all of them share.
 */
@NullMarked
package io.mantle.privacy.detect.passage;

import org.jspecify.annotations.NullMarked;
