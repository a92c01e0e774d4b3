/**
 * Links mentions: whoever was found once in a document is found wherever else it speaks of them,
 * also by a part of the name, in capitals, or as a handle. In: texts and the spans that a detector
 * found in each. Out: these spans and the linked ones. It is here, and not in a detector, because a
 * link depends on the whole document while a detector's spans depend on their text alone and can be
 * cached.
 */
@NullMarked
package io.mantle.privacy.detect.link;

import org.jspecify.annotations.NullMarked;
