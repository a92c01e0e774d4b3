/**
 * Who may do what. In: policies pushed by the control plane. Out: one immutable {@link
 * io.mantle.extproc.tenant.Policies}, swapped whole; a request keeps the one it was admitted with.
 */
@NullMarked
package io.mantle.extproc.tenant;

import org.jspecify.annotations.NullMarked;
