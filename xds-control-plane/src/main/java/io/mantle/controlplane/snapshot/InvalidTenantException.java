package io.mantle.controlplane.snapshot;

/** Says why a tenant's rows cannot be published; its message holds nothing that is secret. */
public final class InvalidTenantException extends Exception {
  InvalidTenantException(String message) {
    super(message);
  }
}
