package io.mantle.vault.kms;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;

/**
 * Google Cloud KMS and the token endpoint before it: a service account's JWT (RS256, verified) is
 * exchanged for a bearer token, which {@code :encrypt} and {@code :decrypt} ask for.
 */
final class ScriptedGcp extends ScriptedService {
  private static final String NAME =
      "projects/p-1/locations/europe-west3/keyRings/mantle/cryptoKeys/master";
  private static final String TOKEN = "ya29.an-access-token";
  private static final String ACCOUNT = "mantle@p-1.iam.gserviceaccount.com";

  private final KeyPair account;
  private final KeyPair stranger;
  private final Path directory;

  ScriptedGcp(Path directory) throws IOException, GeneralSecurityException {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    this.account = rsa.generateKeyPair();
    this.stranger = rsa.generateKeyPair();
    this.directory = directory;
  }

  @Override
  String uri() {
    return "gcp-kms://" + NAME;
  }

  @Override
  Map<String, String> environment() throws IOException {
    return environment(account);
  }

  @Override
  Map<String, String> wrongEnvironment() throws IOException {
    return environment(stranger);
  }

  private Map<String, String> environment(KeyPair keys) throws IOException {
    Path file = Files.createTempFile(directory, "account", ".json");
    String pem =
        "-----BEGIN PRIVATE KEY-----\\n"
            + Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded())
            + "\\n-----END PRIVATE KEY-----\\n";
    Files.writeString(
        file,
        """
        {"type":"service_account","project_id":"p-1","private_key_id":"1","private_key":"%s",
         "client_email":"%s","client_id":"1","token_uri":"http://%s/token"}"""
            .formatted(pem, ACCOUNT, authority()));
    return Map.of(
        "GOOGLE_APPLICATION_CREDENTIALS",
        file.toString(),
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS",
        "http://" + authority());
  }

  @Override
  String secret() {
    return TOKEN;
  }

  @Override
  boolean isOfKey(Asked asked) {
    return !asked.path().equals("/token");
  }

  @Override
  Reply answer(Asked asked) throws Exception {
    if (asked.path().equals("/token")) {
      return token(asked);
    }
    if (!asked.header("Authorization").equals("Bearer " + TOKEN)) {
      return new Reply(401, "{\"error\":{\"code\":401,\"status\":\"UNAUTHENTICATED\"}}");
    }
    if (asked.path().equals("/v1/" + NAME + ":encrypt")) {
      byte[] clear = Base64.getDecoder().decode(member(asked.text(), "plaintext"));
      return new Reply(
          200,
          "{\"name\":\"%s/cryptoKeyVersions/1\",\"ciphertext\":\"%s\",\"protectionLevel\":\"HSM\"}"
              .formatted(NAME, Base64.getEncoder().encodeToString(seal(clear))));
    }
    if (asked.path().equals("/v1/" + NAME + ":decrypt")) {
      byte[] clear = open(Base64.getDecoder().decode(member(asked.text(), "ciphertext")));
      return new Reply(
          200,
          "{\"plaintext\":\"%s\",\"usedPrimary\":true}"
              .formatted(Base64.getEncoder().encodeToString(clear)));
    }
    return new Reply(404, "{\"error\":{\"code\":404,\"status\":\"NOT_FOUND\"}}");
  }

  private Reply token(Asked asked) throws GeneralSecurityException {
    String form = URLDecoder.decode(asked.text(), StandardCharsets.UTF_8);
    String[] jwt =
        form.substring(form.indexOf("assertion=") + 10).split("&", -1)[0].split("\\.", -1);
    Signature rs256 = Signature.getInstance("SHA256withRSA");
    rs256.initVerify(account.getPublic());
    rs256.update((jwt[0] + "." + jwt[1]).getBytes(StandardCharsets.US_ASCII));
    String claims = new String(Base64.getUrlDecoder().decode(jwt[1]), StandardCharsets.UTF_8);
    boolean good =
        rs256.verify(Base64.getUrlDecoder().decode(jwt[2]))
            && member(claims, "iss").equals(ACCOUNT)
            && member(claims, "scope").equals("https://www.googleapis.com/auth/cloudkms");
    return good
        ? new Reply(
            200,
            "{\"access_token\":\"%s\",\"expires_in\":3600,\"token_type\":\"Bearer\"}"
                .formatted(TOKEN))
        : new Reply(400, "{\"error\":\"invalid_grant\"}");
  }

  @Override
  Reply doesNotOpen() {
    return new Reply(400, "{\"error\":{\"code\":400,\"status\":\"INVALID_ARGUMENT\"}}");
  }
}
