/**
 * Finds what is private in a text. In: one {@link io.mantle.privacy.value.Plaintext}. Out: spans,
 * in order, none overlapping. {@link io.mantle.privacy.detect.Detector} is the door.
 */
@NullMarked
package io.mantle.privacy.detect;

import org.jspecify.annotations.NullMarked;
