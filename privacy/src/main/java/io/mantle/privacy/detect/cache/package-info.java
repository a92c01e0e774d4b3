/**
 * Remembers what a detector found in a text, without the text. In: a text. Out: its spans, found
 * now or earlier. It is here because clients resend a conversation's whole history with each turn:
 * with it only the new message costs a detector's time.
 */
@NullMarked
package io.mantle.privacy.detect.cache;

import org.jspecify.annotations.NullMarked;
