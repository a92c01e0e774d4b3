/**
 * How a snapshot reaches its readers: delta ADS for each Envoy, {@code PolicyService} for each
 * sidecar, and the way back, {@code UsageService}, on one gRPC server. In comes {@link
 * io.mantle.controlplane.snapshot.Snapshot}; out go the differences to what each peer holds, and
 * {@link io.mantle.controlplane.xds.PeerStatus} of what it said to them.
 */
@NullMarked
package io.mantle.controlplane.xds;

import org.jspecify.annotations.NullMarked;
