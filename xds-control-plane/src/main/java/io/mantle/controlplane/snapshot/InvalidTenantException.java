package io.mantle.controlplane.snapshot;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A tenant whose rows make no part of a snapshot; its message holds nothing that is secret. */
public final class InvalidTenantException extends Exception {
  private final @Nullable String field;

  InvalidTenantException(String reason) {
    super(reason);
    this.field = null;
  }

  InvalidTenantException(String reason, @Nullable String field) {
    super(reason);
    this.field = field;
  }

  /** The field of the admin API that the reason is about, where there is one. */
  public Optional<String> field() {
    return Optional.ofNullable(field);
  }
}
