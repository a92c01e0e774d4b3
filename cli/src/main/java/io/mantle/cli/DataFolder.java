package io.mantle.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Where things lie in {@code --data DIR}. */
record DataFolder(Path root) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SECRET_BYTES = 24;
  private static final int VAULT_KEY_BYTES = 32;

  DataFolder {
    root = root.toAbsolutePath().normalize();
  }

  /** Written once ready, removed at the end: what scripts read. */
  Path runFile() {
    return root.resolve("run.json");
  }

  /** Every process of a run, from its start: what the next run cleans up after a kill. */
  Path processFile() {
    return root.resolve("processes.json");
  }

  /** Locked while a run lasts; the system lets go of it however the run ends. */
  Path lockFile() {
    return root.resolve("lock");
  }

  Path bootstrapFile() {
    return root.resolve("envoy").resolve("bootstrap.yaml");
  }

  Path adminTokenFile() {
    return root.resolve("admin-token");
  }

  /** The key of a shared vault: without it nothing in that vault opens. Made once. */
  Path vaultMasterKeyFile() throws IOException {
    Path file = root.resolve("vault-master-key");
    if (!Files.exists(file)) {
      byte[] key = new byte[VAULT_KEY_BYTES];
      RANDOM.nextBytes(key);
      PrivateFiles.write(file, Base64.getEncoder().encodeToString(key) + "\n");
    }
    return file;
  }

  /** What the ext_proc server keeps for its next start within a run: it names a run's sockets. */
  Path lastGood() {
    return root.resolve("last-good");
  }

  Path logs() {
    return root.resolve("logs");
  }

  Path log(String name) {
    return logs().resolve(name + ".log");
  }

  String demoKey() throws IOException {
    return secret(root.resolve("demo-key"), "sk-mantle-");
  }

  String canaryKey() throws IOException {
    return secret(root.resolve("canary-key"), "sk-mantle-");
  }

  String adminToken() throws IOException {
    return secret(adminTokenFile(), "mantle-admin-");
  }

  /** Made once, so that clients keep working when everything is started again. */
  private static String secret(Path file, String prefix) throws IOException {
    if (!Files.exists(file)) {
      byte[] bytes = new byte[SECRET_BYTES];
      RANDOM.nextBytes(bytes);
      PrivateFiles.write(file, prefix + HexFormat.of().formatHex(bytes) + "\n");
    }
    return Files.readString(file).strip();
  }
}
