/**
 * Searches the texts of a document on several threads. In: texts and a detector. Out: each text's
 * spans, the same on any number of threads. It is here because a client waits while a long text is
 * searched, and most of a machine's cores do nothing meanwhile.
 */
@NullMarked
package io.mantle.privacy.detect.parallel;

import org.jspecify.annotations.NullMarked;
