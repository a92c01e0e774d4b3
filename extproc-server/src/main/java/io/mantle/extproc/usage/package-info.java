/** One row for each exchange, on its way to the control plane. Counts and names of types only. */
@NullMarked
package io.mantle.extproc.usage;

import org.jspecify.annotations.NullMarked;
