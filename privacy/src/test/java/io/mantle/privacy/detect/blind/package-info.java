/**
 * Makes labelled texts to judge the detector by. In: sentence frames and word lists written for
 * this purpose alone (resources {@code frames} and {@code words}), and rules for values that have a
 * form. Out: the files {@code *.jsonl} beside them. Its authors read nothing of what the tagger is
 * trained on, and nothing may be tuned on what it makes.
 */
@NullMarked
package io.mantle.privacy.detect.blind;

import org.jspecify.annotations.NullMarked;
