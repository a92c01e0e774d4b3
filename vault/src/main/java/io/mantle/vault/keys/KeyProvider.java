package io.mantle.vault.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;

/**
 * Holds the master key and never gives it away: a keyset of this machine, or a key management
 * service.
 *
 * <p>Security: what {@link #wrap} returned is opened by {@link #unwrap} under the same associated
 * data alone, on every replica that has the same master key, and after the master key was rotated
 * for as long as its older versions are kept. Nothing is promised about how long a call takes; the
 * vault calls it once for each tenant and change of its keys, not for each request. Safe for use by
 * many threads.
 */
public interface KeyProvider {

  /**
   * Names what {@link #wrap} seals with, in at most {@value #ID_CHARS_MAX} characters: not a
   * secret, and stored beside what was sealed.
   */
  String keyId();

  /** The longest {@link #keyId()}. */
  int ID_CHARS_MAX = 63;

  /**
   * Seals a key under the newest version of the master key.
   *
   * @throws IOException if the master key cannot be reached
   */
  byte[] wrap(byte[] key, byte[] associatedData) throws GeneralSecurityException, IOException;

  /**
   * Opens what was sealed, whichever version of the master key did it.
   *
   * @throws GeneralSecurityException if it does not open
   * @throws IOException if the master key cannot be reached
   */
  byte[] unwrap(byte[] wrapped, byte[] associatedData) throws GeneralSecurityException, IOException;
}
