package io.mantle.vault.kms;

import java.security.GeneralSecurityException;

/** One exchange with a service, without retries. What it throws says what, not where. */
interface KmsClient {

  /** How the service is called in messages: what it is, and its host. */
  String service();

  byte[] encrypt(byte[] key) throws GeneralSecurityException, KmsFailureException;

  /**
   * Opens what was sealed.
   *
   * @throws GeneralSecurityException if the service says that this key does not open it
   */
  byte[] decrypt(byte[] sealed) throws GeneralSecurityException, KmsFailureException;
}
