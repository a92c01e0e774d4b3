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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

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
  private final int primaryId;

  private LocalKeyset(KeysetHandle keyset) throws GeneralSecurityException {
    primaryId = keyset.getPrimary().getId();
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

  /**
   * Reads the keyset of a file, or makes both where there is none; only its owner may read it then.
   *
   * @throws IOException if the file cannot be read or written, or holds no keyset
   */
  public static LocalKeyset at(Path file) throws IOException {
    if (!Files.exists(file)) {
      create(file);
    }
    return in(file);
  }

  /**
   * Reads the keyset of a file.
   *
   * @throws IOException if the file cannot be read, or holds no keyset
   */
  public static LocalKeyset in(Path file) throws IOException {
    try {
      return parse(Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " holds no usable keyset: " + e.getMessage(), e);
    }
  }

  /** Complete before it has its name, so that two who start at once end with the same keyset. */
  private static void create(Path file) throws IOException {
    String json;
    try {
      KeysetHandle keyset =
          KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, registered());
      json =
          TinkJsonProtoKeysetFormat.serializeKeyset(
              keyset, registered(), InsecureSecretKeyAccess.get());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
    Files.createDirectories(
        file.toAbsolutePath().getParent(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path draft = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(draft, json);
    try {
      Files.createLink(file, draft);
      Files.delete(draft);
    } catch (FileAlreadyExistsException e) {
      Files.delete(draft);
    } catch (UnsupportedOperationException e) {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
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
  public String keyId() {
    return "local:%08x".formatted(primaryId);
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
