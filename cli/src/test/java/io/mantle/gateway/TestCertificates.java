package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An authority and what it certifies, made by the JDK's keytool, as PEM files in a folder. */
final class TestCertificates {
  private static final String PASSWORD = "password";

  private final Path folder;
  private final Path store;

  TestCertificates(Path folder) throws Exception {
    this.folder = Files.createDirectories(folder);
    this.store = folder.resolve("keys.p12");
    keytool("-alias", "ca", "-dname", "CN=ca", "-ext", "bc:c");
    write("ca.pem", "ca");
  }

  Path authority() {
    return folder.resolve("ca.pem");
  }

  /**
   * Makes {@code NAME.pem} and {@code NAME.key}.
   *
   * @param host whose certificate it is, as keytool names it: {@code ip:127.0.0.1}
   */
  void issue(String name, String host) throws Exception {
    keytool("-alias", name, "-dname", "CN=" + name, "-signer", "ca", "-ext", "san=" + host);
    write(name + ".pem", name);
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      byte[] key = keys.getKey(name, PASSWORD.toCharArray()).getEncoded();
      Files.writeString(key(name), pem("PRIVATE KEY", Objects.requireNonNull(key)));
    }
  }

  Path certificate(String name) {
    return folder.resolve(name + ".pem");
  }

  Path key(String name) {
    return folder.resolve(name + ".key");
  }

  /** What a server of that name needs to speak TLS. */
  SSLContext server(String name) throws IOException, GeneralSecurityException {
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      own.setKeyEntry(
          name,
          keys.getKey(name, PASSWORD.toCharArray()),
          PASSWORD.toCharArray(),
          keys.getCertificateChain(name));
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(own, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private void write(String file, String alias) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      byte[] certificate = keys.getCertificate(alias).getEncoded();
      Files.writeString(folder.resolve(file), pem("CERTIFICATE", certificate));
    }
  }

  private static String pem(String what, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
  }

  private void keytool(String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
    command.addAll(List.of(more));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
  }
}
