package io.mantle.vault.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;

/**
 * A key that a key management service holds and never gives away. It seals other keys, of a few
 * dozen bytes, and is asked over the network, so each call takes milliseconds and may fail. Safe
 * for use by many threads.
 */
public interface RemoteKey {

  /** Where and which, as it is configured; the same for every process that uses it. */
  String uri();

  /**
   * Seals a key under the newest version of this one.
   *
   * @throws IOException if the service cannot be asked or refuses; the message names its host and
   *     holds nothing secret
   */
  byte[] encrypt(byte[] key) throws GeneralSecurityException, IOException;

  /**
   * Opens what was sealed, under whichever version.
   *
   * @throws GeneralSecurityException if it does not open under this key
   * @throws IOException as of {@link #encrypt}
   */
  byte[] decrypt(byte[] sealed) throws GeneralSecurityException, IOException;
}
