package io.mantle.privacy.detect.cache;

import io.mantle.privacy.value.Plaintext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key under which a tenant's texts are known in a {@link SegmentCache}. All on which spans
 * depend besides the text is in it: a new model or policy is a new key, and what was found under
 * the old one is not found again.
 *
 * <p>Security: derived with HMAC-SHA256 from the tenant's surrogate key. Without that key nobody
 * can tell whether an entry is of a given text, nor whether two tenants sent the same one. It never
 * prints itself. Safe for use by many threads.
 */
public final class SegmentKey {
  private static final String HMAC_SHA256 = "HmacSHA256";
  private static final byte[] PURPOSE = "mantle segment cache 1".getBytes(StandardCharsets.UTF_8);
  private static final int TENANT_KEY_BYTES = 32;

  /** Initialised and never updated: looking one up and keying it costs more than one hash. */
  private final Mac keyed;

  private SegmentKey(byte[] key) {
    this.keyed = keyed(key);
  }

  /**
   * The key of one tenant's texts, under one model and one policy.
   *
   * @param tenantKey the tenant's surrogate key, 32 bytes
   * @param modelVersion names the detector's model and rules; not secret
   * @param policyVersion names what the tenant's policy tells the detector; not secret
   * @throws IllegalArgumentException if {@code tenantKey} is not 32 bytes long
   */
  public static SegmentKey derive(byte[] tenantKey, String modelVersion, String policyVersion) {
    if (tenantKey.length != TENANT_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a surrogate key has " + TENANT_KEY_BYTES + " bytes, not " + tenantKey.length);
    }
    Mac mac = keyed(tenantKey);
    mac.update(PURPOSE);
    updateWithLength(mac, modelVersion);
    updateWithLength(mac, policyVersion);
    return new SegmentKey(mac.doFinal());
  }

  /** With its length before it, so that no two pairs of versions are one text. */
  private static void updateWithLength(Mac mac, String version) {
    byte[] bytes = version.getBytes(StandardCharsets.UTF_8);
    mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    mac.update(bytes);
  }

  /** The text's fingerprint: 128 bits, so that no two texts are ever expected to share one. */
  Fingerprint fingerprint(Plaintext text) {
    ByteBuffer hash = ByteBuffer.wrap(mac().doFinal(units(text.reveal())));
    return new Fingerprint(hash.getLong(), hash.getLong());
  }

  private Mac mac() {
    try {
      // A clone only reads what it is made from, so threads need no lock.
      return (Mac) keyed.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's HmacSHA256 can be cloned", e);
    }
  }

  /**
   * The UTF-16 units. Not UTF-8, which is shorter: there all lone surrogates become one question
   * mark, and two texts one.
   */
  private static byte[] units(String text) {
    byte[] units = new byte[text.length() * Character.BYTES];
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      units[2 * i] = (byte) (c >>> 8);
      units[2 * i + 1] = (byte) c;
    }
    return units;
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
    return "SegmentKey";
  }
}
