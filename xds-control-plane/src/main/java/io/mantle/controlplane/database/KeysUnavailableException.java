package io.mantle.controlplane.database;

/**
 * The key outside of the database that wraps all others cannot be reached, so nothing can be sealed
 * or opened that is not in memory. Its message names the service's host and no secret.
 */
public final class KeysUnavailableException extends RuntimeException {
  KeysUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
