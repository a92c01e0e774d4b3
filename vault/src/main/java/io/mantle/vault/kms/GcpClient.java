package io.mantle.vault.kms;

import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Google Cloud KMS: {@code POST /v1/NAME:encrypt} and {@code :decrypt} with a bearer token, got as
 * Google's own clients do (a service account's or federation's file in {@code
 * GOOGLE_APPLICATION_CREDENTIALS}, or the metadata server).
 */
final class GcpClient implements KmsClient {
  private static final String ENDPOINT = "https://cloudkms.googleapis.com";
  private static final String SCOPE = "https://www.googleapis.com/auth/cloudkms";

  private final KmsUri.Gcp uri;
  private final URI endpoint;
  private final GoogleCredentials credentials;
  private final RestCalls calls;

  GcpClient(KmsUri.Gcp uri, Map<String, String> environment, Duration timeout) throws IOException {
    this.uri = uri;
    // As gcloud's own override of this endpoint is called.
    this.endpoint =
        URI.create(environment.getOrDefault("CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS", ENDPOINT));
    // Attempts are counted where those of all services are.
    this.credentials =
        credentials(environment).createScoped(SCOPE).createWithCustomRetryStrategy(false);
    this.calls = new RestCalls(HttpClient.newBuilder(), timeout);
  }

  private static GoogleCredentials credentials(Map<String, String> environment) throws IOException {
    String file = environment.getOrDefault("GOOGLE_APPLICATION_CREDENTIALS", "");
    if (file.isEmpty()) {
      try {
        return GoogleCredentials.getApplicationDefault();
      } catch (IOException e) {
        throw new IOException(
            "Google Cloud KMS has no credentials: set GOOGLE_APPLICATION_CREDENTIALS", e);
      }
    }
    try (InputStream json = Files.newInputStream(Path.of(file))) {
      return GoogleCredentials.fromStream(json);
    } catch (IOException | IllegalArgumentException e) {
      // Without the cause, which may quote the file.
      throw new IOException(
          "the file of GOOGLE_APPLICATION_CREDENTIALS cannot be read as credentials");
    }
  }

  @Override
  public String service() {
    return "Google Cloud KMS at " + endpoint.getAuthority();
  }

  @Override
  public byte[] encrypt(byte[] key) throws GeneralSecurityException, KmsFailureException {
    return ask("encrypt", "plaintext", key, "ciphertext");
  }

  @Override
  public byte[] decrypt(byte[] sealed) throws GeneralSecurityException, KmsFailureException {
    return ask("decrypt", "ciphertext", sealed, "plaintext");
  }

  private byte[] ask(String verb, String name, byte[] value, String field)
      throws GeneralSecurityException, KmsFailureException {
    URI at = endpoint.resolve("/v1/" + uri.name() + ":" + verb);
    return Base64Texts.decode(
        calls.post(
            at,
            Map.of("Authorization", "Bearer " + token()),
            name,
            Base64.getEncoder().encodeToString(value),
            verb.equals("decrypt"),
            List.of(field)));
  }

  private String token() throws KmsFailureException {
    try {
      credentials.refreshIfExpired();
      return credentials.getAccessToken().getTokenValue();
    } catch (IOException e) {
      throw KmsFailureException.passing("cannot be asked: no access token was to be had");
    }
  }
}
