package io.mantle.vault.kms;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS KMS: {@code POST /} with {@code X-Amz-Target}, JSON 1.1, signed by Signature Version 4, which
 * is worked out here a second time from its documentation. It also gives out what it asks for, as
 * AWS does to those who have no keys of their own: to a web identity (STS), to a container, and to
 * an instance (version 2 of its metadata).
 */
final class ScriptedAws extends ScriptedService {
  private static final String ARN =
      "arn:aws:kms:eu-central-1:123456789012:key/8b9bb8f0-1f6f-4b52-9f57-6a4a2c1d0e11";
  private static final String ID = "AKIDEXAMPLEEXAMPLE";
  private static final String SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY";
  private static final String SESSION = "a-session-token";
  private static final String ROLE = "arn:aws:iam::123456789012:role/mantle";
  private static final String CONTAINER = "/container/credentials";
  private static final String CONTAINER_TOKEN = "token-of-the-container";
  private static final String INSTANCE = "/latest/meta-data/iam/security-credentials";
  private static final String INSTANCE_TOKEN = "token-of-the-instance";
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/([0-9]{8})/eu-central-1/kms/aws4_request,"
              + " SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})");

  private volatile String webIdentity = "";
  private volatile boolean webIdentityRefused;

  ScriptedAws() throws IOException {}

  /** The web identity that it knows, and whose credentials end at once. */
  void knows(String webIdentityToken) {
    webIdentity = webIdentityToken;
    webIdentityRefused = false;
  }

  /** Whether it was shown another one since. */
  boolean hasRefusedAWebIdentity() {
    return webIdentityRefused;
  }

  /** Where clients find it who have no keys of their own. */
  Map<String, String> endpoint() {
    return Map.of("AWS_ENDPOINT_URL_KMS", "http://" + authority());
  }

  /** As variables of the environment, of a service account of Kubernetes. */
  Map<String, String> webIdentityVariables(Path tokenFile) {
    return Map.of(
        "AWS_ROLE_ARN",
        ROLE,
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        tokenFile.toString(),
        "AWS_ENDPOINT_URL_STS",
        "http://" + authority());
  }

  /** The same, of a container. */
  Map<String, String> containerVariables() {
    return Map.of(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "http://" + authority() + CONTAINER,
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        CONTAINER_TOKEN);
  }

  /** The same, of an instance. */
  Map<String, String> instanceVariables() {
    return Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://" + authority());
  }

  /** A file of profiles with the credentials. */
  String profile(String name) {
    return """
        [%s]
        aws_access_key_id = %s
        aws_secret_access_key = %s
        aws_session_token = %s
        """
        .formatted(name, ID, SECRET, SESSION);
  }

  @Override
  String uri() {
    return "aws-kms://" + ARN;
  }

  @Override
  Map<String, String> environment() {
    return environment(SECRET);
  }

  @Override
  Map<String, String> wrongEnvironment() {
    return environment("not-the-secret");
  }

  private Map<String, String> environment(String secret) {
    return Map.of(
        "AWS_ACCESS_KEY_ID", ID,
        "AWS_SECRET_ACCESS_KEY", secret,
        "AWS_SESSION_TOKEN", SESSION,
        "AWS_ENDPOINT_URL_KMS", "http://" + authority());
  }

  @Override
  String secret() {
    return SECRET;
  }

  @Override
  boolean isOfKey(Asked asked) {
    return !asked.header("X-Amz-Target").isEmpty();
  }

  private Reply credentials(Asked asked) {
    boolean known =
        switch (asked.path()) {
          case "/" ->
              asked.text().contains("Action=AssumeRoleWithWebIdentity")
                  && asked.text().contains("WebIdentityToken=" + webIdentity)
                  && asked.text().contains(URLEncoder.encode(ROLE, StandardCharsets.UTF_8));
          case CONTAINER -> asked.header("Authorization").equals(CONTAINER_TOKEN);
          case "/latest/api/token" -> asked.method().equals("PUT");
          default -> asked.header("X-aws-ec2-metadata-token").equals(INSTANCE_TOKEN);
        };
    if (!known) {
      webIdentityRefused |= asked.path().equals("/");
      return new Reply(403, "");
    }
    return switch (asked.path()) {
      case "/" ->
          new Reply(
              200,
              """
              <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                <AssumeRoleWithWebIdentityResult>
                  <Credentials>
                    <AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>
                    <SessionToken>%s</SessionToken><Expiration>%s</Expiration>
                  </Credentials>
                </AssumeRoleWithWebIdentityResult>
              </AssumeRoleWithWebIdentityResponse>"""
                  .formatted(ID, SECRET, SESSION, Instant.now().plusSeconds(5)));
      case "/latest/api/token" -> new Reply(200, INSTANCE_TOKEN);
      case INSTANCE + "/" -> new Reply(200, "mantle-role");
      case CONTAINER, INSTANCE + "/mantle-role" ->
          new Reply(
              200,
              """
              {"Code":"Success","LastUpdated":"%1$s","Type":"AWS-HMAC","AccessKeyId":"%2$s",
               "SecretAccessKey":"%3$s","Token":"%4$s","Expiration":"%1$s"}"""
                  .formatted(Instant.now().plusSeconds(3_600), ID, SECRET, SESSION));
      default -> new Reply(404, "");
    };
  }

  @Override
  Reply answer(Asked asked) throws Exception {
    if (!isOfKey(asked)) {
      return credentials(asked);
    }
    if (!isSigned(asked)) {
      return error(400, "InvalidSignatureException");
    }
    if (!member(asked.text(), "KeyId").equals(ARN)) {
      return error(400, "NotFoundException");
    }
    return switch (asked.header("X-Amz-Target")) {
      case "TrentService.Encrypt" -> {
        byte[] clear = Base64.getDecoder().decode(member(asked.text(), "Plaintext"));
        yield blob("CiphertextBlob", seal(clear));
      }
      case "TrentService.Decrypt" -> {
        byte[] sealed = Base64.getDecoder().decode(member(asked.text(), "CiphertextBlob"));
        yield blob("Plaintext", open(sealed));
      }
      default -> error(400, "UnknownOperationException");
    };
  }

  private static Reply blob(String name, byte[] value) {
    return new Reply(
        200,
        "{\"%s\":\"%s\",\"KeyId\":\"%s\",\"EncryptionAlgorithm\":\"SYMMETRIC_DEFAULT\"}"
            .formatted(name, Base64.getEncoder().encodeToString(value), ARN));
  }

  @Override
  Reply doesNotOpen() {
    return error(400, "InvalidCiphertextException");
  }

  private static Reply error(int status, String code) {
    return new Reply(
        status, "{\"__type\":\"%s\",\"message\":\"words of the service\"}".formatted(code));
  }

  private static boolean isSigned(Asked asked) throws GeneralSecurityException {
    Matcher sent = AUTHORIZATION.matcher(asked.header("Authorization"));
    if (!sent.matches()
        || !sent.group(1).equals(ID)
        || !asked.header("X-Amz-Security-Token").equals(SESSION)) {
      return false;
    }
    List<String> signed = Arrays.asList(sent.group(3).split(";", -1));
    if (!signed.containsAll(List.of("host", "x-amz-date", "x-amz-target"))) {
      return false;
    }
    StringBuilder canonical = new StringBuilder(asked.method()).append("\n/\n\n");
    signed.forEach(
        name -> canonical.append(name).append(':').append(asked.header(name).strip()).append('\n'));
    canonical.append('\n').append(sent.group(3)).append('\n').append(sha256(asked.body()));
    String day = sent.group(2);
    String toSign =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            asked.header("X-Amz-Date"),
            day + "/eu-central-1/kms/aws4_request",
            sha256(canonical.toString().getBytes(StandardCharsets.UTF_8)));
    byte[] key = ("AWS4" + SECRET).getBytes(StandardCharsets.UTF_8);
    for (String part : List.of(day, "eu-central-1", "kms", "aws4_request", toSign)) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(key).equals(sent.group(4));
  }

  private static String sha256(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
