/**
 * What is published: the rows of a tenant come in, Envoy's resources and the sidecars' policy of
 * that tenant go out, versioned by a hash of their content. {@link
 * io.mantle.controlplane.snapshot.TenantSnapshot} is a pure function of the rows; {@link
 * io.mantle.controlplane.snapshot.SnapshotPublisher} keeps the whole of them current.
 */
@NullMarked
package io.mantle.controlplane.snapshot;

import org.jspecify.annotations.NullMarked;
