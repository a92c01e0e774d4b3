package io.mantle.controlplane.database;

import java.nio.charset.StandardCharsets;

/**
 * Bytes that must not be shown: a provider's credential, a surrogate key. It prints as its length;
 * every use of what is in it calls {@link #reveal()} and can be searched by that name.
 */
public final class Secret {
  private final byte[] bytes;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Secret of(byte[] bytes) {
    return new Secret(bytes.clone());
  }

  public static Secret of(String text) {
    return new Secret(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes themselves, a copy. */
  public byte[] reveal() {
    return bytes.clone();
  }

  public int length() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return "Secret[" + bytes.length + " bytes]";
  }
}
