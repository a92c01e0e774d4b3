package io.mantle.controlplane.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Passwords as Argon2id hashes in the PHC string format, with a random salt each.
 *
 * <p>Parameters are the OWASP Password Storage Cheat Sheet's: {@value #MEMORY_KIB} KiB, {@value
 * #ITERATIONS} iterations, one lane. Passwords are compared in Unicode's NFKC (NIST SP 800-63B). At
 * most {@value #AT_ONCE_MAX} are worked on at once, so that logins take a bounded share of memory
 * and processors. Thread-safe.
 */
public final class PasswordHashes {
  private static final int MEMORY_KIB = 19_456;
  private static final int ITERATIONS = 2;
  private static final int LANES = 1;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int AT_ONCE_MAX = 4;
  private static final int WAIT_MILLIS_MAX = 2_000;
  private static final int MEMORY_KIB_MAX = 1 << 20;
  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,2})"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  private final SecureRandom random = new SecureRandom();
  private final Semaphore free = new Semaphore(AT_ONCE_MAX, true);
  private final String nobodys;

  public PasswordHashes() {
    byte[] salt = new byte[SALT_BYTES];
    byte[] hash = new byte[HASH_BYTES];
    random.nextBytes(salt);
    random.nextBytes(hash);
    this.nobodys = phc(MEMORY_KIB, ITERATIONS, LANES, salt, hash);
  }

  /** Thrown where too many passwords are being worked on already. */
  public static final class TooManyAtOnce extends Exception {
    private TooManyAtOnce() {
      super("too many logins at once");
    }
  }

  /** The hash to be stored. */
  public String hash(String password) throws TooManyAtOnce {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    byte[] hash = argon2id(password, MEMORY_KIB, ITERATIONS, LANES, salt, HASH_BYTES);
    return phc(MEMORY_KIB, ITERATIONS, LANES, salt, hash);
  }

  /**
   * Whether a password is the one of a hash. Where there is no hash the answer is no, after the
   * same work.
   */
  public boolean verify(String password, Optional<String> stored) throws TooManyAtOnce {
    Matcher phc = PHC.matcher(stored.orElse(nobodys));
    if (!phc.matches()) {
      throw new IllegalStateException("a stored password hash is not Argon2id's");
    }
    int memoryKib = Integer.parseInt(phc.group(1));
    if (memoryKib > MEMORY_KIB_MAX) {
      throw new IllegalStateException("a stored password hash takes more than 1 GiB");
    }
    byte[] expected = Base64.getDecoder().decode(phc.group(5));
    byte[] actual =
        argon2id(
            password,
            memoryKib,
            Integer.parseInt(phc.group(2)),
            Integer.parseInt(phc.group(3)),
            Base64.getDecoder().decode(phc.group(4)),
            expected.length);
    return MessageDigest.isEqual(actual, expected) && stored.isPresent();
  }

  /** Whether a hash was made with other parameters than today's. */
  public boolean isOutdated(String stored) {
    return !stored.startsWith(parameters(MEMORY_KIB, ITERATIONS, LANES));
  }

  private byte[] argon2id(
      String password, int memoryKib, int iterations, int lanes, byte[] salt, int hashBytes)
      throws TooManyAtOnce {
    try {
      if (!free.tryAcquire(WAIT_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
        throw new TooManyAtOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TooManyAtOnce();
    }
    try {
      Argon2BytesGenerator generator = new Argon2BytesGenerator();
      generator.init(
          new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
              .withVersion(Argon2Parameters.ARGON2_VERSION_13)
              .withMemoryAsKB(memoryKib)
              .withIterations(iterations)
              .withParallelism(lanes)
              .withSalt(salt)
              .build());
      byte[] hash = new byte[hashBytes];
      generator.generateBytes(
          Normalizer.normalize(password, Normalizer.Form.NFKC).getBytes(StandardCharsets.UTF_8),
          hash);
      return hash;
    } finally {
      free.release();
    }
  }

  private static String parameters(int memoryKib, int iterations, int lanes) {
    return "$argon2id$v=19$m=" + memoryKib + ",t=" + iterations + ",p=" + lanes + "$";
  }

  private static String phc(int memoryKib, int iterations, int lanes, byte[] salt, byte[] hash) {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return parameters(memoryKib, iterations, lanes)
        + base64.encodeToString(salt)
        + "$"
        + base64.encodeToString(hash);
  }
}
