package io.mantle.controlplane.snapshot;

import java.time.Instant;

/**
 * A tenant whose rows cannot be published as they are.
 *
 * @param reason holds nothing that is secret
 * @param since when that was first seen by this control plane
 * @param keepsLastGood whether what it had before is published on; else that is not known, and each
 *     gateway keeps what it holds of it, be it nothing
 */
public record FailingTenant(String tenantId, String reason, Instant since, boolean keepsLastGood) {}
