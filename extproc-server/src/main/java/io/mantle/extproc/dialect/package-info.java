/** How callers speak: where text lives in a body, and how an error is said. Tables, no flow. */
@NullMarked
package io.mantle.extproc.dialect;

import org.jspecify.annotations.NullMarked;
