package io.mantle.extproc.value;

/**
 * Who sent a request, as far as it concerns the answer and the books.
 *
 * @param tenantId the tenant
 * @param keyId which of its proxy keys
 * @param policyVersion the policy the request was admitted with
 */
public record Caller(String tenantId, String keyId, String policyVersion) {}
