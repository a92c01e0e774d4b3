package io.mantle.vault.kms;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * HashiCorp Vault's transit engine: {@code POST /v1/MOUNT/encrypt/NAME} and {@code decrypt}, with
 * {@code X-Vault-Token}. The token is {@code VAULT_TOKEN}, or what the file {@code
 * VAULT_TOKEN_FILE} holds at each call, so that an agent may renew it; {@code VAULT_NAMESPACE} and
 * {@code VAULT_CACERT} are Vault's own.
 */
final class HcVaultClient implements KmsClient {
  private static final String PREFIX = "vault:v";

  private final KmsUri.HcVault uri;
  private final Map<String, String> environment;
  private final RestCalls calls;

  HcVaultClient(KmsUri.HcVault uri, Map<String, String> environment, Duration timeout)
      throws IOException {
    this.uri = uri;
    this.environment = environment;
    HttpClient.Builder http = HttpClient.newBuilder();
    Optional<String> authorities = set("VAULT_CACERT");
    if (authorities.isPresent()) {
      http.sslContext(trusting(Path.of(authorities.get())));
    }
    this.calls = new RestCalls(http, timeout);
  }

  private Optional<String> set(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  private static SSLContext trusting(Path authorities) throws IOException {
    try (InputStream pem = Files.newInputStream(authorities)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca" + count++, one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("VAULT_CACERT names no file of certificates", e);
    }
  }

  @Override
  public String service() {
    return "Vault at " + uri.address().getAuthority();
  }

  @Override
  public byte[] encrypt(byte[] key) throws GeneralSecurityException, KmsFailureException {
    String text =
        ask("encrypt", "plaintext", Base64.getEncoder().encodeToString(key), "ciphertext");
    if (!text.startsWith(PREFIX)) {
      throw KmsFailureException.passing("answered with something else than its API says");
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] decrypt(byte[] sealed) throws GeneralSecurityException, KmsFailureException {
    String text =
        ask("decrypt", "ciphertext", new String(sealed, StandardCharsets.UTF_8), "plaintext");
    return Base64Texts.decode(text);
  }

  private String ask(String verb, String name, String value, String field)
      throws GeneralSecurityException, KmsFailureException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-Vault-Token", token());
    headers.put("X-Vault-Request", "true");
    set("VAULT_NAMESPACE").ifPresent(namespace -> headers.put("X-Vault-Namespace", namespace));
    URI at = uri.address().resolve("/v1/" + uri.mount() + "/" + verb + "/" + uri.key());
    return calls.post(at, headers, name, value, verb.equals("decrypt"), List.of("data", field));
  }

  private String token() throws KmsFailureException {
    Optional<String> file = set("VAULT_TOKEN_FILE");
    String token;
    try {
      token =
          file.isPresent()
              ? Files.readString(Path.of(file.get())).strip()
              : set("VAULT_TOKEN").orElse("");
    } catch (IOException e) {
      throw KmsFailureException.passing("has no token: the file of VAULT_TOKEN_FILE is not there");
    }
    if (!token.matches("[\\x21-\\x7e]{1,4096}")) {
      throw KmsFailureException.lasting("has no token: set VAULT_TOKEN or VAULT_TOKEN_FILE");
    }
    return token;
  }
}
