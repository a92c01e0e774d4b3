/**
 * One row for each exchange, on its way to the control plane: written down before its request
 * leaves and again before its answer ends, in a spool that outlives the process where there is a
 * folder for one; sent in batches that are acknowledged. Counts and names of types only.
 */
@NullMarked
package io.mantle.extproc.usage;

import org.jspecify.annotations.NullMarked;
