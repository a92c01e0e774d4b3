package io.mantle.privacy.detect.cache;

import io.mantle.privacy.value.ConversationKey;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Utf16;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

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
  private static final byte[] PURPOSE = "mantle segment cache 1".getBytes(StandardCharsets.UTF_8);

  private final ConversationKey key;

  private SegmentKey(ConversationKey key) {
    this.key = key;
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
    ByteArrayOutputStream scope = new ByteArrayOutputStream();
    scope.writeBytes(PURPOSE);
    writeWithLength(scope, modelVersion);
    writeWithLength(scope, policyVersion);
    return new SegmentKey(ConversationKey.derive(tenantKey, scope.toByteArray()));
  }

  /** With its length before it, so that no two pairs of versions are one text. */
  private static void writeWithLength(ByteArrayOutputStream out, String version) {
    byte[] bytes = version.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    out.writeBytes(bytes);
  }

  /** The text's fingerprint: 128 bits, so that no two texts are ever expected to share one. */
  Fingerprint fingerprint(Plaintext text) {
    ByteBuffer hash = ByteBuffer.wrap(key.hash(Utf16.bytes(text.reveal())));
    return new Fingerprint(hash.getLong(), hash.getLong());
  }

  @Override
  public String toString() {
    return "SegmentKey";
  }
}
