package io.mantle.privacy.surrogate;

/**
 * No surrogate is left for a value, or the request has more values than a table holds. The request
 * must be refused: sending the value itself is no way out. Says nothing of the value.
 */
public final class SurrogatesExhausted extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SurrogatesExhausted(String reason) {
    super(reason);
  }
}
