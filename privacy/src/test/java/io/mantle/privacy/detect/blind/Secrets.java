package io.mantle.privacy.detect.blind;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Passwords, keys and tokens in the shapes that their vendors give them. None opens anything. */
final class Secrets {
  private Secrets() {}

  private static final String BASE64URL = Draw.ALPHANUMERIC + "-_";

  static String key(String vendor, Draw draw) {
    return switch (vendor) {
      case "aws" -> "AKIA" + draw.chars(Draw.LETTERS + "234567", 16);
      case "awssecret" -> draw.chars(Draw.ALPHANUMERIC + "/+", 40);
      case "openai" -> draw.of("sk-", "sk-proj-") + draw.chars(Draw.ALPHANUMERIC, 48);
      case "anthropic" -> "sk-ant-api03-" + draw.chars(BASE64URL, 93) + "AA";
      case "github" -> draw.of("ghp_", "gho_", "ghs_") + draw.chars(Draw.ALPHANUMERIC, 36);
      case "gitlab" -> "glpat-" + draw.chars(Draw.ALPHANUMERIC, 20);
      case "slack" ->
          "xoxb-" + draw.filled("999999999999-9999999999999-") + draw.chars(Draw.ALPHANUMERIC, 24);
      case "stripe" ->
          draw.of("sk_live_", "sk_test_", "rk_live_") + draw.chars(Draw.ALPHANUMERIC, 24);
      case "google" -> "AIza" + draw.chars(BASE64URL, 34) + "Q";
      case "sendgrid" ->
          "SG." + draw.chars(Draw.ALPHANUMERIC, 22) + "." + draw.chars(Draw.ALPHANUMERIC, 43);
      case "npm" -> "npm_" + draw.chars(Draw.ALPHANUMERIC, 36);
      case "hf" -> "hf_" + draw.chars(Draw.ALPHANUMERIC, 34);
      case "pypi" -> "pypi-AgEIcHlwaS5vcmc" + draw.chars(Draw.ALPHANUMERIC, 80);
      case "twilio" -> "AC" + draw.chars("0123456789abcdef", 32);
      case "azure" -> draw.chars(Draw.ALPHANUMERIC + "/+", 86) + "==";
      case "telegram" -> draw.filled("8999999999") + ":AA" + draw.chars(Draw.ALPHANUMERIC, 33);
      case "discord" ->
          "MT"
              + draw.chars(Draw.ALPHANUMERIC, 24)
              + "."
              + draw.chars(Draw.ALPHANUMERIC, 6)
              + "."
              + draw.chars(Draw.ALPHANUMERIC, 38);
      case "shopify" -> "shpat_" + draw.chars("0123456789abcdef", 32);
      case "digitalocean" -> "dop_v1_" + draw.chars("0123456789abcdef", 64);
      case "vault" -> "hvs." + draw.chars(Draw.ALPHANUMERIC, 24);
      default -> throw new IllegalArgumentException("no key of " + vendor);
    };
  }

  static String password(Draw draw) {
    return switch (draw.between(0, 6)) {
      case 0 ->
          draw.of("Sommer", "Winter", "Dragon", "Welcome", "Tiger")
              + draw.between(1, 2030)
              + draw.of("!", "#", "");
      case 1 ->
          draw.chars(Draw.ALPHANUMERIC + "!@#%^*-_+", draw.between(8, 16)) + draw.of("7", "a");
      case 2 -> draw.of("hunter", "qwerty", "letme1n", "abc") + draw.between(1, 999);
      case 3 -> draw.of("P@ssw0rd", "S3cr3t", "Tr0ub4dor", "L0nd0n") + draw.of("!", "&3", "_x", "");
      case 4 ->
          draw.of("correct", "purple", "rusty")
              + "-"
              + draw.of("horse", "kettle", "moon")
              + "-"
              + draw.of("battery", "lamp", "fox");
      case 5 -> draw.of("sunshine", "iloveyou", "monkey", "princess", "baseball");
      default -> draw.filled("****-****-****");
    };
  }

  static String jwt(Draw draw) {
    return base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}")
        + "."
        + base64(
            "{\"sub\":\""
                + draw.filled("899999")
                + "\",\"iat\":"
                + draw.filled("1\\799999999")
                + "}")
        + "."
        + draw.chars(BASE64URL, 42)
        + "A";
  }

  private static String base64(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  static String pem(Draw draw) {
    String kind =
        draw.of("RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "EC PRIVATE KEY");
    StringBuilder block = new StringBuilder("-----BEGIN " + kind + "-----\n");
    int lines = draw.between(2, 4);
    for (int i = 0; i < lines; i++) {
      block.append(draw.chars(Draw.ALPHANUMERIC + "+/", 64)).append('\n');
    }
    return block + draw.chars(Draw.ALPHANUMERIC, 31) + "=\n-----END " + kind + "-----";
  }

  /** A link with credentials ({@code URLCRED}) or a connection string ({@code DBURL}). */
  static String url(String kind, String user, Draw draw) {
    String credentials = user + ":" + password(draw).replaceAll("[@#%^&/?+!*]", "_") + "@";
    if (kind.equals("URLCRED")) {
      return "https://"
          + credentials
          + draw.of(
              "git.corp.example/app.git",
              "files.example.net/report.csv",
              "10-4.example.org:8443/v2");
    }
    return draw.of(
            "postgres://", "postgresql://", "mysql://", "mongodb+srv://", "redis://", "amqp://")
        + credentials
        + draw.of(
            "db.internal:5432/shop",
            "cluster0.example.net/main",
            "localhost:6379/0",
            "cache-2:5672/jobs");
  }
}
