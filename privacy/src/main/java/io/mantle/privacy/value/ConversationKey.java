package io.mantle.privacy.value;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key from which all surrogates of one conversation follow: the same conversation of the same
 * tenant has the same key on every replica and after every restart, and no two conversations share
 * one.
 *
 * <p>Security: derived with HMAC-SHA256 from the tenant's surrogate key, so surrogates of two
 * tenants, or of two conversations, cannot be linked without that key. It never prints itself.
 */
public final class ConversationKey {
  private static final String HMAC_SHA256 = "HmacSHA256";

  /** Initialised and never updated: looking one up and keying it costs more than one hash. */
  private final Mac keyed;

  private ConversationKey(byte[] key) {
    this.keyed = keyed(key);
  }

  /**
   * The key of one conversation.
   *
   * @param tenantKey the tenant's surrogate key, 32 bytes
   * @param scope names the conversation; any bytes, not secret
   * @throws IllegalArgumentException if {@code tenantKey} is not 32 bytes long
   */
  public static ConversationKey derive(byte[] tenantKey, byte[] scope) {
    if (tenantKey.length != 32) {
      throw new IllegalArgumentException("a surrogate key has 32 bytes, not " + tenantKey.length);
    }
    return new ConversationKey(keyed(tenantKey).doFinal(scope));
  }

  /** A keyed hash of {@code message}, 32 bytes: the only use of the key. */
  public byte[] hash(byte[] message) {
    try {
      // A clone only reads what it is made from, so threads need no lock.
      return ((Mac) keyed.clone()).doFinal(message);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's HmacSHA256 can be cloned", e);
    }
  }

  private static Mac keyed(byte[] key) {
    try {
      Mac mac = Mac.getInstance(HMAC_SHA256);
      mac.init(new SecretKeySpec(key, HMAC_SHA256));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  @Override
  public String toString() {
    return "ConversationKey";
  }
}
