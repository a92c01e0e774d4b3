package io.mantle.vault.kms;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
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
 * is worked out here a second time from its documentation.
 */
final class ScriptedAws extends ScriptedService {
  private static final String ARN =
      "arn:aws:kms:eu-central-1:123456789012:key/8b9bb8f0-1f6f-4b52-9f57-6a4a2c1d0e11";
  private static final String ID = "AKIDEXAMPLEEXAMPLE";
  private static final String SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY";
  private static final String SESSION = "a-session-token";
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/([0-9]{8})/eu-central-1/kms/aws4_request,"
              + " SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})");

  ScriptedAws() throws IOException {}

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
  Reply answer(Asked asked) throws Exception {
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
