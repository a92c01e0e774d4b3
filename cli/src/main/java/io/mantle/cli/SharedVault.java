package io.mantle.cli;

import io.mantle.vault.redis.RedisAddress;
import io.mantle.vault.redis.RedisStore;
import io.mantle.vault.redis.RedisTimes;
import io.mantle.vault.store.StoreLimits;
import io.mantle.vault.value.VaultException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The Redis in which both servers keep what outlives a request, where a run has one. */
final class SharedVault {
  private static final String URL = Variable.MANTLE_VAULT_URL.name();
  private static final String KEY = Variable.MANTLE_MASTER_KEY.name();
  private static final String KEY_FILE = Variable.MANTLE_MASTER_KEY_FILE.name();
  private static final String KEY_URI = Variable.MANTLE_MASTER_KEY_URI.name();
  private static final String NOBODY = "-";

  private SharedVault() {}

  /**
   * What the servers are told of it, besides what they inherit.
   *
   * @param redis goes before what the environment says
   * @param environment this process's own
   * @param data gets a master key where the environment gives none
   * @return nothing where there is no Redis
   */
  static Map<String, String> environment(
      Optional<String> redis, Map<String, String> environment, DataFolder data) throws IOException {
    String url = redis.orElse(environment.getOrDefault(URL, ""));
    if (url.isEmpty()) {
      return Map.of();
    }
    Map<String, String> vault = new TreeMap<>();
    vault.put(URL, url);
    if (environment.getOrDefault(KEY_URI, "").isEmpty()
        && environment.getOrDefault(KEY, "").isEmpty()
        && environment.getOrDefault(KEY_FILE, "").isEmpty()) {
      vault.put(KEY_FILE, data.vaultMasterKeyFile().toString());
    }
    return vault;
  }

  /**
   * Asks it, since a run without it would never be ready.
   *
   * @throws LaunchException if it does not answer; says nothing of the URL, which may hold a
   *     password
   */
  static void check(Map<String, String> vault) throws LaunchException {
    String url = vault.get(URL);
    if (url == null) {
      return;
    }
    try (RedisStore redis =
        new RedisStore(RedisAddress.parse(url), StoreLimits.STANDARD, RedisTimes.STANDARD)) {
      var _ = redis.tenantRecord(NOBODY);
    } catch (IllegalArgumentException e) {
      throw LaunchException.notStarted(URL + " is " + e.getMessage());
    } catch (VaultException e) {
      throw LaunchException.notStarted(
          "the Redis that --redis or MANTLE_VAULT_URL names does not answer; start it, or leave the option out");
    }
  }
}
