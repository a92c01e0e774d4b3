package io.mantle.vault.kms;

final class AwsKmsIT extends KmsContract {
  @Override
  ScriptedService start() throws Exception {
    return new ScriptedAws();
  }
}
