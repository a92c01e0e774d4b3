package io.mantle.vault.kms;

import java.util.Base64;

/** Bytes in what a service answered. */
final class Base64Texts {
  private Base64Texts() {}

  static byte[] decode(String text) throws KmsFailureException {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw KmsFailureException.passing("answered with something else than its API says");
    }
  }
}
