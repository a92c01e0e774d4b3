package io.mantle.controlplane.probe;

import java.util.Locale;

/** What the addresses that a provider's name has now mean for requests to it. */
public enum AddressCheck {
  /** All are on the public Internet. */
  PUBLIC,
  /** They are not judged: the base URL names a place itself, or a platform admin allows any. */
  ALLOWED,
  /** At least one is not on the public Internet: Envoy refuses to connect to that. */
  FORBIDDEN,
  /** The name has none. */
  UNRESOLVED,
  /** The name was not resolved in time, or too many are being resolved. */
  UNKNOWN;

  /** As the API says it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
