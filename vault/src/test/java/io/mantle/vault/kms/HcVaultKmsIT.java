package io.mantle.vault.kms;

final class HcVaultKmsIT extends KmsContract {
  @Override
  ScriptedService start() throws Exception {
    return new ScriptedVault();
  }
}
