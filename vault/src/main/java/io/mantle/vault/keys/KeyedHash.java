package io.mantle.vault.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256, shortened to 128 bits: names that tell nothing of what they name. */
final class KeyedHash {
  static final int BYTES = 16;
  private static final String HMAC_SHA256 = "HmacSHA256";

  private KeyedHash() {}

  static byte[] of(byte[] key, String purpose, byte[] message) {
    try {
      Mac mac = Mac.getInstance(HMAC_SHA256);
      mac.init(new SecretKeySpec(key, HMAC_SHA256));
      // No purpose ends in another and none holds a zero byte, so purpose and message stay apart.
      mac.update(purpose.getBytes(StandardCharsets.US_ASCII));
      mac.update((byte) 0);
      return Arrays.copyOf(mac.doFinal(message), BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  static String hex(byte[] key, String purpose, byte[] message) {
    return HexFormat.of().formatHex(of(key, purpose, message));
  }
}
