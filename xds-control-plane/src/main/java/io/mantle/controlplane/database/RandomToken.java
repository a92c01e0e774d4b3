package io.mantle.controlplane.database;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * A new secret that its holder is shown once: a prefix that says what it is, and 256 random bits.
 * It prints as its prefix.
 *
 * @param text the whole secret
 * @param shown what a list may show of it
 */
public record RandomToken(String text, String shown) {
  private static final int RANDOM_BYTES = 32;
  private static final int SHOWN_RANDOM_CHARS = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A new one, such as {@code sk-mantle-...}. */
  public static RandomToken withPrefix(String prefix) {
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    String text = prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    return new RandomToken(text, text.substring(0, prefix.length() + SHOWN_RANDOM_CHARS));
  }

  byte[] sha256() {
    return Sha256.of(text);
  }

  @Override
  public String toString() {
    return "RandomToken[" + shown + "]";
  }
}
