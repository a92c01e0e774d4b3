package io.mantle.vault.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.vault.keys.KeyChain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HcVaultKmsIT extends KmsContract {
  private static final byte[] PLACE = {1};

  @TempDir Path folder;

  @Override
  ScriptedService start() throws Exception {
    return new ScriptedVault();
  }

  @Test
  void tokenFile_renewedByAnAgent_isReadAtTheNextCall() throws Exception {
    byte[] key = new byte[32];
    Path file = Files.writeString(folder.resolve("token"), "hvs.first\n");
    try (ScriptedVault vault = new ScriptedVault()) {
      vault.accepts("hvs.first");
      KeyChain keys =
          MasterKeySettings.of(
                  vault.uri(),
                  Optional.empty(),
                  Map.of(
                      "VAULT_TOKEN_FILE", file.toString(),
                      "VAULT_TOKEN", "hvs.never-taken",
                      "VAULT_NAMESPACE", "eu"))
              .open();
      byte[] wrapped = keys.wrap(key, PLACE);
      vault.accepts("hvs.second");
      assertThatThrownBy(() -> keys.wrap(key, PLACE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("403")
          .hasMessageNotContaining("hvs");

      Files.writeString(file, "hvs.second\n");
      assertThat(keys.unwrap(keys.wrap(key, PLACE), PLACE)).isEqualTo(key);
      assertThat(keys.unwrap(wrapped, PLACE)).isEqualTo(key);
    }
  }
}
