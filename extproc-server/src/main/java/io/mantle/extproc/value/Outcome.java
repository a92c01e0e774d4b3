package io.mantle.extproc.value;

/** How an exchange ended. */
public enum Outcome {
  COMPLETED,
  /** By us, or by Envoy after us, before anything was sent to a provider. */
  REFUSED,
  /** The provider answered with a status of 400 or more, or could not be reached. */
  PROVIDER_ERROR,
  /** The client left, or the connection to the provider broke, before the answer was whole. */
  CANCELLED,
  /** The answer could not be restored or finished. */
  BROKEN,
  /** It left, and this server ended before it was over. */
  UNKNOWN
}
