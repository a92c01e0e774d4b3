package io.mantle.controlplane.snapshot;

import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.mantle.proto.policy.v1.TenantPolicy;

/**
 * Everything that is published, as of one moment. Immutable; a change makes a new one.
 *
 * @param scopes one per tenant: which of its providers a request goes to
 * @param policies one per tenant: for the sidecars
 * @param changedAtNanos {@link System#nanoTime} when word came of what changed with it, or before
 */
public record Snapshot(
    VersionedSet<Resource> clusters,
    VersionedSet<Resource> listeners,
    VersionedSet<Resource> scopes,
    VersionedSet<TenantPolicy> policies,
    long changedAtNanos) {}
