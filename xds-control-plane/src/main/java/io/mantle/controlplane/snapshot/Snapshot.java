package io.mantle.controlplane.snapshot;

import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.mantle.proto.policy.v1.TenantPolicy;
import org.pcollections.PSet;

/**
 * Everything that is published, as of one moment. Immutable; a change makes a new one.
 *
 * @param scopes one per tenant: which of its providers a request goes to
 * @param policies one per tenant: for the sidecars
 * @param unknownTenants those whose rows cannot be used, and of which it is not known what was
 *     published last: they have no scope, and their policies tell the sidecars to keep what they
 *     hold. An Envoy keeps what it holds of them too
 * @param changedAtNanos {@link System#nanoTime} when word came of what changed with it, or before
 */
public record Snapshot(
    VersionedSet<Resource> clusters,
    VersionedSet<Resource> listeners,
    VersionedSet<Resource> scopes,
    VersionedSet<TenantPolicy> policies,
    PSet<String> unknownTenants,
    long changedAtNanos) {}
