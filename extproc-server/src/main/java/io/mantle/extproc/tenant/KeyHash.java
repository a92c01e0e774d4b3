package io.mantle.extproc.tenant;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The SHA-256 of a key, all that is ever known of it here.
 *
 * <p>Looking a hash up in a map takes a time that depends on the hash alone, which tells nothing of
 * the keys that exist: to learn from it one would have to choose keys by their hash.
 */
public final class KeyHash {
  static final int BYTES = 32;

  private final byte[] bytes;

  private KeyHash(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Hashes a key as the client sent it. */
  public static KeyHash of(String key) {
    try {
      return new KeyHash(
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * A hash that was made elsewhere.
   *
   * @throws IllegalArgumentException if it has not 32 bytes
   */
  public static KeyHash ofDigest(byte[] digest) {
    if (digest.length != BYTES) {
      throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + digest.length);
    }
    return new KeyHash(digest.clone());
  }

  /** Compares all bytes, wherever the first difference is. */
  @Override
  public boolean equals(Object other) {
    return other instanceof KeyHash that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return ByteBuffer.wrap(bytes).getInt();
  }

  @Override
  public String toString() {
    return "KeyHash";
  }
}
