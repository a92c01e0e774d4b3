package io.mantle.vault.kms;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class GcpKmsIT extends KmsContract {
  @TempDir Path directory;

  @Override
  ScriptedService start() throws Exception {
    return new ScriptedGcp(directory);
  }
}
