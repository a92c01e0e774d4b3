package io.mantle.vault.kms;

import java.io.IOException;
import java.util.Base64;
import java.util.Map;

/** Vault's transit engine: {@code POST /v1/transit/encrypt/NAME}, by token and namespace. */
final class ScriptedVault extends ScriptedService {
  private static final String TOKEN = "hvs.a-token-of-vault";
  private static final String PREFIX = "vault:v1:";

  private volatile String accepted = TOKEN;

  ScriptedVault() throws IOException {}

  /** From here on this is the token that it takes. */
  void accepts(String token) {
    accepted = token;
  }

  @Override
  String uri() {
    return "hcvault+http://" + authority() + "/team/transit/keys/mantle";
  }

  @Override
  Map<String, String> environment() {
    return Map.of("VAULT_TOKEN", TOKEN, "VAULT_NAMESPACE", "eu");
  }

  @Override
  Map<String, String> wrongEnvironment() {
    return Map.of("VAULT_TOKEN", "hvs.another", "VAULT_NAMESPACE", "eu");
  }

  @Override
  String secret() {
    return TOKEN;
  }

  @Override
  Reply answer(Asked asked) throws Exception {
    if (!asked.header("X-Vault-Token").equals(accepted)
        || !asked.header("X-Vault-Namespace").equals("eu")) {
      return new Reply(403, "{\"errors\":[\"permission denied\"]}");
    }
    if (!asked.method().equals("POST")) {
      return new Reply(405, "{\"errors\":[]}");
    }
    return switch (asked.path()) {
      case "/v1/team/transit/encrypt/mantle" -> {
        byte[] clear = Base64.getDecoder().decode(member(asked.text(), "plaintext"));
        yield data("ciphertext", PREFIX + Base64.getEncoder().encodeToString(seal(clear)));
      }
      case "/v1/team/transit/decrypt/mantle" -> {
        String sealed = member(asked.text(), "ciphertext");
        if (!sealed.startsWith(PREFIX)) {
          yield doesNotOpen();
        }
        byte[] clear = open(Base64.getDecoder().decode(sealed.substring(PREFIX.length())));
        yield data("plaintext", Base64.getEncoder().encodeToString(clear));
      }
      default -> new Reply(404, "{\"errors\":[]}");
    };
  }

  private static Reply data(String name, String value) {
    return new Reply(
        200,
        """
        {"request_id":"c2","lease_id":"","renewable":false,"lease_duration":0,
         "data":{"%s":"%s","key_version":1},"warnings":null}"""
            .formatted(name, value));
  }

  @Override
  Reply doesNotOpen() {
    return new Reply(400, "{\"errors\":[\"invalid ciphertext: unable to decrypt\"]}");
  }
}
