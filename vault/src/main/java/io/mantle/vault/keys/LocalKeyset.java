package io.mantle.vault.keys;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.util.SecretBytes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A master key that lies on this machine, as a Tink keyset of AEAD keys. Prints no key.
 *
 * <p>Not guaranteed: the keyset is in this process's memory, and in clear wherever it was read
 * from. Who has it and the store has everything in the vault.
 */
public final class LocalKeyset implements KeyProvider {
  /** A keyset longer than this is refused. */
  private static final int CHARS_MAX = 64 * 1024;

  private static final int KEY_BYTES = 32;
  private static final int IV_BYTES = 12;
  private static final int TAG_BYTES = 16;

  private final Aead aead;

  private LocalKeyset(KeysetHandle keyset) throws GeneralSecurityException {
    aead = keyset.getPrimitive(RegistryConfiguration.get(), Aead.class);
  }

  /** A new key that ends with this process. */
  public static LocalKeyset ephemeral() {
    try {
      return new LocalKeyset(
          KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, registered()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /**
   * Reads a keyset: Tink's JSON, or keys of 32 bytes in base64, one a line, of which the first
   * seals and all open.
   *
   * @throws IllegalArgumentException if it is neither; the message holds nothing of the text
   */
  public static LocalKeyset parse(String text) {
    if (text.length() > CHARS_MAX) {
      throw new IllegalArgumentException("longer than " + CHARS_MAX + " characters");
    }
    try {
      return new LocalKeyset(
          text.stripLeading().startsWith("{")
              ? TinkJsonProtoKeysetFormat.parseKeyset(
                  text, registered(), InsecureSecretKeyAccess.get())
              : ofLines(text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList()));
    } catch (GeneralSecurityException e) {
      // Without the cause: what a parser says may quote what it read.
      throw new IllegalArgumentException("not a Tink keyset of AEAD keys in JSON");
    }
  }

  private static Configuration registered() throws GeneralSecurityException {
    AeadConfig.register();
    return RegistryConfiguration.get();
  }

  private static KeysetHandle ofLines(List<String> lines) throws GeneralSecurityException {
    registered();
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("holds no key");
    }
    KeysetHandle.Builder keyset = KeysetHandle.newBuilder();
    Set<Integer> ids = new HashSet<>();
    for (String line : lines) {
      byte[] bytes = decoded(line);
      // The id follows from the key, so a key keeps its id wherever it stands in the list.
      int id = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes)).getInt();
      if (!ids.add(id)) {
        throw new IllegalArgumentException("holds a key twice");
      }
      KeysetHandle.Builder.Entry entry = KeysetHandle.importKey(aesGcm(bytes, id));
      keyset.addEntry(ids.size() == 1 ? entry.makePrimary() : entry);
    }
    return keyset.build();
  }

  private static byte[] decoded(String line) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(line);
    } catch (IllegalArgumentException e) {
      bytes = new byte[0];
    }
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "neither a Tink keyset in JSON nor lines of 32 bytes in base64");
    }
    return bytes;
  }

  @AccessesPartialKey
  private static AesGcmKey aesGcm(byte[] bytes, int id) throws GeneralSecurityException {
    return AesGcmKey.builder()
        .setParameters(
            AesGcmParameters.builder()
                .setKeySizeBytes(KEY_BYTES)
                .setIvSizeBytes(IV_BYTES)
                .setTagSizeBytes(TAG_BYTES)
                .setVariant(AesGcmParameters.Variant.TINK)
                .build())
        .setKeyBytes(SecretBytes.copyFrom(bytes, InsecureSecretKeyAccess.get()))
        .setIdRequirement(id)
        .build();
  }

  @Override
  public byte[] wrap(byte[] key, byte[] associatedData) throws GeneralSecurityException {
    return aead.encrypt(key, associatedData);
  }

  @Override
  public byte[] unwrap(byte[] wrapped, byte[] associatedData) throws GeneralSecurityException {
    return aead.decrypt(wrapped, associatedData);
  }

  @Override
  public String toString() {
    return "LocalKeyset";
  }
}
