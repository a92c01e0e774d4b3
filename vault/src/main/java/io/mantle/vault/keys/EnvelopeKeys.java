package io.mantle.vault.keys;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A master key in a key management service: it seals a fresh key for each thing that is wrapped
 * (AES-256-GCM, Tink), which alone is sent there. So what is wrapped is bound to its associated
 * data whatever the service knows of such, and never leaves this process.
 *
 * <p>Keys that the service opened stay in memory for {@link #KEPT}; from {@link #FRESH} on their
 * next use asks the service again, beside the request that uses them. So a service that is away
 * does not touch what is in use for at least {@code KEPT} less {@code FRESH}, and what was revoked
 * there opens here for at most {@code KEPT}.
 */
public final class EnvelopeKeys implements KeyProvider {
  /** After this long without an answer of the service, a key that it opened is forgotten. */
  public static final Duration KEPT = Duration.ofHours(2);

  /** After this long a key in use is asked for again. */
  public static final Duration FRESH = Duration.ofMinutes(30);

  private static final Logger LOG = LoggerFactory.getLogger(EnvelopeKeys.class);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(30);
  private static final int KEYS_IN_MEMORY_MAX = 20_000;
  private static final byte FORMAT = 2; // what Tink wraps begins with 1
  private static final int KEY_BYTES = 32;
  private static final int ID_BYTES = 8;
  private static final int HEAD_BYTES = 1 + ID_BYTES + Short.BYTES;
  private static final int SEALED_BYTES_MAX = 8 * 1_024;

  private final RemoteKey remote;
  private final byte[] id;
  private final Ticker ticker;
  private final LoadingCache<Sealed, Opened> opened;
  private final AtomicLong warnedAt;

  /** A sealed key, which is its own name. */
  @SuppressWarnings("ArrayRecordComponent") // compared by what it holds
  private record Sealed(byte[] bytes) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Sealed sealed && Arrays.equals(bytes, sealed.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Sealed[" + bytes.length + " bytes]";
    }
  }

  /** A key in clear, since when, and when the service was last asked for it again. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Opened(byte[] key, long openedAt, AtomicLong askedAt) {
    @Override
    public String toString() {
      return "Opened";
    }
  }

  public EnvelopeKeys(RemoteKey remote) {
    this(remote, Ticker.systemTicker());
  }

  /** As the other constructor, with an own clock. */
  EnvelopeKeys(RemoteKey remote, Ticker ticker) {
    this.remote = remote;
    this.id = Arrays.copyOf(sha256(remote.uri()), ID_BYTES);
    this.ticker = ticker;
    this.warnedAt = new AtomicLong(ticker.read() - ASK_AGAIN.toNanos());
    CacheLoader<Sealed, Opened> ask = this::ask;
    this.opened =
        Caffeine.newBuilder()
            .maximumSize(KEYS_IN_MEMORY_MAX)
            .expireAfterWrite(KEPT)
            .ticker(ticker)
            .build(ask);
  }

  private Opened ask(Sealed name) throws GeneralSecurityException, IOException {
    byte[] key = remote.decrypt(name.bytes());
    long now = ticker.read();
    return new Opened(key, now, new AtomicLong(now));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String keyId() {
    String scheme = remote.uri().substring(0, remote.uri().indexOf(':'));
    return scheme + ":" + HexFormat.of().formatHex(id);
  }

  /** Whether this is what wrapped it, as far as can be told without asking. */
  boolean wrapped(byte[] wrapped) {
    return wrapped.length > HEAD_BYTES
        && wrapped[0] == FORMAT
        && Arrays.equals(id, Arrays.copyOfRange(wrapped, 1, 1 + ID_BYTES));
  }

  /** Whether it is of this kind, under whichever service's key. */
  static boolean isEnvelope(byte[] wrapped) {
    return wrapped.length > HEAD_BYTES && wrapped[0] == FORMAT;
  }

  @Override
  public byte[] wrap(byte[] key, byte[] associatedData)
      throws GeneralSecurityException, IOException {
    byte[] envelopeKey = TenantKeys.randomBytes(KEY_BYTES);
    byte[] sealed = remote.encrypt(envelopeKey);
    if (sealed.length > SEALED_BYTES_MAX) {
      throw new GeneralSecurityException("the key management service seals to too many bytes");
    }
    // Once open before it is kept: what it cannot open again would be lost.
    if (!MessageDigest.isEqual(envelopeKey, open(sealed))) {
      throw new GeneralSecurityException(
          "the key management service does not open what it has sealed");
    }
    byte[] payload = new AesGcmJce(envelopeKey).encrypt(key, associatedData);
    return ByteBuffer.allocate(HEAD_BYTES + sealed.length + payload.length)
        .put(FORMAT)
        .put(id)
        .putShort((short) sealed.length)
        .put(sealed)
        .put(payload)
        .array();
  }

  @Override
  public byte[] unwrap(byte[] wrapped, byte[] associatedData)
      throws GeneralSecurityException, IOException {
    if (!wrapped(wrapped)) {
      throw new GeneralSecurityException("wrapped by another key");
    }
    int sealedEnd =
        HEAD_BYTES + Short.toUnsignedInt(ByteBuffer.wrap(wrapped).getShort(1 + ID_BYTES));
    if (sealedEnd > wrapped.length) {
      throw new GeneralSecurityException("not an envelope");
    }
    byte[] envelopeKey = open(Arrays.copyOfRange(wrapped, HEAD_BYTES, sealedEnd));
    return new AesGcmJce(envelopeKey)
        .decrypt(Arrays.copyOfRange(wrapped, sealedEnd, wrapped.length), associatedData);
  }

  private byte[] open(byte[] sealed) throws GeneralSecurityException, IOException {
    Sealed name = new Sealed(sealed);
    Opened found;
    try {
      found = opened.get(name);
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException unavailable) {
        throw new IOException(unavailable.getMessage(), unavailable);
      }
      if (e.getCause() instanceof GeneralSecurityException other) {
        throw new GeneralSecurityException(other.getMessage(), other);
      }
      throw e;
    }
    if (found.key.length != KEY_BYTES) {
      throw new GeneralSecurityException("the key management service opened something else");
    }
    refresh(name, found);
    return found.key;
  }

  /** Asks again where it is time, beside the caller; at most once in {@link #ASK_AGAIN}. */
  private void refresh(Sealed name, Opened found) {
    long now = ticker.read();
    long askedAt = found.askedAt.get();
    if (now - found.openedAt < FRESH.toNanos()
        || now - askedAt < ASK_AGAIN.toNanos()
        || !found.askedAt.compareAndSet(askedAt, now)) {
      return;
    }
    Thread.ofVirtual()
        .name("kms-refresh")
        .start(
            () -> {
              try {
                opened.put(name, ask(name));
              } catch (GeneralSecurityException | IOException e) {
                warn(now, e);
              }
            });
  }

  private void warn(long now, Exception e) {
    long last = warnedAt.get();
    if (now - last >= ASK_AGAIN.toNanos() && warnedAt.compareAndSet(last, now)) {
      LOG.warn("Keys in memory are used on, but cannot be opened again: {}", e.getMessage());
    }
  }

  @Override
  public String toString() {
    return "EnvelopeKeys[" + keyId() + "]";
  }
}
