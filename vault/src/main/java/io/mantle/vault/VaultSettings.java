package io.mantle.vault;

import io.mantle.vault.keys.LocalKeyset;
import io.mantle.vault.kms.MasterKeySettings;
import io.mantle.vault.redis.RedisAddress;
import io.mantle.vault.redis.RedisStore;
import io.mantle.vault.redis.RedisTimes;
import io.mantle.vault.store.StoreLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where what outlives a request is kept. Immutable; prints no key and no password. */
public sealed interface VaultSettings {

  /**
   * Opens the vault; asks no store yet.
   *
   * @throws IOException if its master key is in a key management service that cannot be used; the
   *     message names the service's host and no secret
   */
  Vault open() throws IOException;

  /**
   * The master keys as variables of the environment give them.
   *
   * @param uris of keys in services, separated by commas, or nothing
   * @param text a local key, or nothing
   * @param file the name of a file with one, or nothing
   * @param environment where the services' credentials are looked for
   * @throws IllegalArgumentException as of {@link #masterKey}; with a URI the local key may be left
   *     out
   */
  static MasterKeySettings masterKeys(
      String uris, String text, String file, Map<String, String> environment) {
    Optional<LocalKeyset> local =
        !uris.isEmpty() && text.isEmpty() && file.isEmpty()
            ? Optional.empty()
            : Optional.of(masterKey(text, file));
    return MasterKeySettings.of(uris, local, environment);
  }

  /**
   * The master key as variables of the environment give it.
   *
   * @param text the key, or nothing
   * @param file the name of a file with it, or nothing
   * @throws IllegalArgumentException if both are given or neither, or what is given is no key; the
   *     message holds nothing of a key
   */
  static LocalKeyset masterKey(String text, String file) {
    if (text.isEmpty() == file.isEmpty()) {
      throw new IllegalArgumentException(
          text.isEmpty()
              ? "neither MANTLE_MASTER_KEY nor MANTLE_MASTER_KEY_FILE gives a key"
              : "MANTLE_MASTER_KEY and MANTLE_MASTER_KEY_FILE are both set");
    }
    try {
      return LocalKeyset.parse(text.isEmpty() ? Files.readString(Path.of(file)) : text);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the file that MANTLE_MASTER_KEY_FILE names cannot be read", e);
    }
  }

  /** In this process alone, under a key that ends with it. */
  record InMemory(StoreLimits limits) implements VaultSettings {
    @Override
    public Vault open() {
      return Vault.inMemory(limits);
    }
  }

  /** In a Redis that all replicas share. */
  record OnRedis(
      RedisAddress address, MasterKeySettings master, StoreLimits limits, RedisTimes times)
      implements VaultSettings {
    @Override
    public Vault open() throws IOException {
      return new Vault(master.open(), new RedisStore(address, limits, times), limits);
    }
  }
}
