/**
 * The control plane: rows of Postgres in, Envoy's configuration and the sidecars' policies out.
 *
 * <p>The packages are the way of a change: {@code admin} writes what people ask for, {@code
 * database} stores it and tells of it, {@code snapshot} turns the rows of a tenant into what is
 * published of it, {@code xds} brings that to every Envoy and sidecar. {@link
 * io.mantle.controlplane.ControlPlane} puts them together on one page.
 */
@NullMarked
package io.mantle.controlplane;

import org.jspecify.annotations.NullMarked;
