package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.vault.VaultSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SharedVaultTest {
  private static final String URL = "redis://127.0.0.1:6379";

  @TempDir Path folder;

  @Test
  void environment_withoutRedis_isEmptyAndMakesNoKey() throws Exception {
    assertThat(environment(Optional.empty(), Map.of())).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void environment_withoutAKey_makesOneOnce() throws Exception {
    Map<String, String> first = environment(Optional.of(URL), Map.of());
    assertThat(first).containsEntry("MANTLE_VAULT_URL", URL);
    Path key = Path.of(first.getOrDefault("MANTLE_MASTER_KEY_FILE", ""));
    assertThat(key).hasParent(folder.toAbsolutePath());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(VaultSettings.masterKey("", key.toString())).isNotNull();
    String made = Files.readString(key);
    assertThat(environment(Optional.empty(), Map.of("MANTLE_VAULT_URL", URL))).isEqualTo(first);
    assertThat(key).hasContent(made);
  }

  @Test
  void environment_withAKey_leavesItToTheServers() throws Exception {
    for (String name :
        new String[] {"MANTLE_MASTER_KEY", "MANTLE_MASTER_KEY_FILE", "MANTLE_MASTER_KEY_URI"}) {
      assertThat(environment(Optional.of(URL), Map.of(name, "given")))
          .containsOnly(Map.entry("MANTLE_VAULT_URL", URL));
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void environment_withTwoUrls_takesTheOptions() throws Exception {
    assertThat(environment(Optional.of(URL), Map.of("MANTLE_VAULT_URL", "redis://other:1")))
        .containsEntry("MANTLE_VAULT_URL", URL);
  }

  @Test
  void check_ofARedisThatIsAway_saysSoWithoutItsUrl() throws Exception {
    SharedVault.check(Map.of());
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String url = "redis://:hunter2@127.0.0.1:" + port;
    assertThatThrownBy(() -> SharedVault.check(Map.of("MANTLE_VAULT_URL", url)))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("does not answer")
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> SharedVault.check(Map.of("MANTLE_VAULT_URL", "hunter2")))
        .isInstanceOf(LaunchException.class)
        .hasMessageNotContaining("hunter2");
  }

  private Map<String, String> environment(Optional<String> redis, Map<String, String> given)
      throws Exception {
    return SharedVault.environment(redis, given, new DataFolder(folder));
  }
}
