package io.mantle.controlplane.database;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.UUID;

/**
 * Seals the secrets of tenants before they are stored: AES-256-GCM with a Tink keyset, so that what
 * was sealed names its key and keys can be rotated.
 *
 * <p>Security: what is sealed is bound to its tenant and its place (associated data), so a sealed
 * value moved to another tenant's or provider's row does not open. Not guaranteed: the keyset lies
 * in clear in a file only its owner reads; who can read it and the database has every secret.
 */
public final class MasterKey {
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Aead aead;

  private MasterKey(Aead aead) {
    this.aead = aead;
  }

  /**
   * Reads the keyset of a file, or makes both where there is none.
   *
   * @throws IOException if the file cannot be read or written, or holds no keyset
   */
  public static MasterKey at(Path file) throws IOException {
    try {
      AeadConfig.register();
      Configuration tink = RegistryConfiguration.get();
      if (!Files.exists(file)) {
        create(file, tink);
      }
      KeysetHandle keyset =
          TinkJsonProtoKeysetFormat.parseKeyset(
              Files.readString(file), tink, InsecureSecretKeyAccess.get());
      return new MasterKey(keyset.getPrimitive(tink, Aead.class));
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " holds no usable keyset", e);
    }
  }

  /** Complete before it has its name, so that two who start at once end with the same keyset. */
  private static void create(Path file, Configuration tink)
      throws IOException, GeneralSecurityException {
    KeysetHandle keyset = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, tink);
    String json =
        TinkJsonProtoKeysetFormat.serializeKeyset(keyset, tink, InsecureSecretKeyAccess.get());
    Files.createDirectories(
        file.toAbsolutePath().getParent(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path draft = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
    Files.createFile(draft, OWNER_ONLY);
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

  byte[] sealSurrogateKey(String tenantId, Secret key) {
    return seal(key, surrogateKeyOf(tenantId));
  }

  Secret openSurrogateKey(String tenantId, byte[] sealed) throws GeneralSecurityException {
    return Secret.of(aead.decrypt(sealed, surrogateKeyOf(tenantId)));
  }

  byte[] sealCredential(String tenantId, UUID providerId, Secret credential) {
    return seal(credential, credentialOf(tenantId, providerId));
  }

  Secret openCredential(String tenantId, UUID providerId, byte[] sealed)
      throws GeneralSecurityException {
    return Secret.of(aead.decrypt(sealed, credentialOf(tenantId, providerId)));
  }

  byte[] sealTokenKey(UUID keyId, Secret key) {
    return seal(key, tokenKeyOf(keyId));
  }

  Secret openTokenKey(UUID keyId, byte[] sealed) throws GeneralSecurityException {
    return Secret.of(aead.decrypt(sealed, tokenKeyOf(keyId)));
  }

  byte[] sealAnswer(String scope, String actor, String key, Secret answer) {
    return seal(answer, answerOf(scope, actor, key));
  }

  Secret openAnswer(String scope, String actor, String key, byte[] sealed)
      throws GeneralSecurityException {
    return Secret.of(aead.decrypt(sealed, answerOf(scope, actor, key)));
  }

  private byte[] seal(Secret secret, byte[] associatedData) {
    try {
      return aead.encrypt(secret.reveal(), associatedData);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing failed", e);
    }
  }

  // A tenant's id has no slash, so no two places share their associated data.
  private static byte[] surrogateKeyOf(String tenantId) {
    return ("mantle/tenant/" + tenantId + "/surrogate-key").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] credentialOf(String tenantId, UUID providerId) {
    return ("mantle/tenant/" + tenantId + "/provider/" + providerId)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] tokenKeyOf(UUID keyId) {
    return ("mantle/token-key/" + keyId).getBytes(StandardCharsets.UTF_8);
  }

  // Neither a scope nor an actor has a slash; the key comes last.
  private static byte[] answerOf(String scope, String actor, String key) {
    return ("mantle/answer/" + scope + "/" + actor + "/" + key).getBytes(StandardCharsets.UTF_8);
  }
}
