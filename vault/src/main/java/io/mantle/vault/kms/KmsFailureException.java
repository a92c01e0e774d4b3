package io.mantle.vault.kms;

import java.io.IOException;

/**
 * A key management service that cannot be asked, or that refuses. Its message names the service's
 * host and what it said in a word; it holds no key, no credential and no text of the service's.
 */
public final class KmsFailureException extends IOException {
  private final boolean passing;

  private KmsFailureException(String message, boolean passing) {
    super(message);
    this.passing = passing;
  }

  /** It may work when asked again: no connection, no answer in time, too many requests, 5xx. */
  static KmsFailureException passing(String what) {
    return new KmsFailureException(what, true);
  }

  /** It will say the same again: wrong credentials, no such key. */
  static KmsFailureException lasting(String what) {
    return new KmsFailureException(what, false);
  }

  KmsFailureException at(String service) {
    return new KmsFailureException(service + " " + getMessage(), passing);
  }

  /** Whether it may work when asked again. */
  public boolean isPassing() {
    return passing;
  }
}
