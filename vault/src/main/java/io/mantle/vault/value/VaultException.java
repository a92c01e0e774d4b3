package io.mantle.vault.value;

import org.jspecify.annotations.Nullable;

/**
 * The vault cannot do what the request needs, so the request must be refused. Its message is for
 * operators; it holds no key and no value.
 */
public final class VaultException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why; and with it whether a retry may help. */
  public enum Reason {
    /** The store or the keys cannot be reached right now. */
    UNAVAILABLE,

    /** What is stored does not open: another master key, tampered or misplaced bytes. */
    UNREADABLE,

    /** The conversation holds as much as one may. */
    FULL,

    /** The conversation was deleted while the request was worked on. */
    GONE
  }

  private final Reason reason;

  public VaultException(Reason reason, String message) {
    this(reason, message, null);
  }

  public VaultException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
