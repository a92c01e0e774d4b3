package io.mantle.controlplane.database;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Everything that a key sealed, sealed anew by its successor: what was asked for and how far it is.
 *
 * @param tenantId of a tenant's key; empty of the master key
 * @param version of the key that everything is to be sealed by
 * @param total how many values there were to seal when it began
 * @param failed how many of them do not open
 */
public record KeyRotation(
    UUID id,
    Optional<String> tenantId,
    State state,
    int version,
    long total,
    long done,
    long failed,
    Instant startedAt,
    Optional<Instant> finishedAt) {

  /** How far it is. */
  public enum State {
    RUNNING,
    /** Everything is sealed by the new key; the old one is destroyed. */
    COMPLETED,
    /** All but what does not open: it and its key stay as they were. */
    INCOMPLETE;

    /** As it is stored and shown. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Which key, as it is stored and shown. */
  public String kind() {
    return tenantId.isPresent() ? "tenant" : "master";
  }
}
