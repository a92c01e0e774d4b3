/** What becomes of sealed files that were cut, changed, or written by others. */
@NullMarked
package io.mantle.extproc.lastgood;

import org.jspecify.annotations.NullMarked;
