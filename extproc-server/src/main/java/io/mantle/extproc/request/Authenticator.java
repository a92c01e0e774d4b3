package io.mantle.extproc.request;

import io.mantle.extproc.tenant.KeyHash;
import io.mantle.extproc.tenant.Policies;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * Tells who asks by the key that came along. The same work for every key: one hash, one look-up.
 */
final class Authenticator {
  private static final String MANTLE_KEY = "sk-mantle-";
  private static final String BEARER = "bearer ";

  private Authenticator() {}

  /**
   * Whose key it is.
   *
   * @throws RefusedException 401 if there is none, or nobody knows it
   */
  static Policies.Access authenticate(RequestHead head, Policies policies) throws RefusedException {
    String key = key(head);
    if (key == null) {
      throw refused(
          "missing_api_key",
          "No API key. Send your Mantle key (sk-mantle-...) as 'Authorization: Bearer' or 'x-api-key'.");
    }
    Policies.Access access = policies.access(KeyHash.of(key));
    if (access != null) {
      return access;
    }
    throw key.startsWith(MANTLE_KEY)
        ? refused("invalid_api_key", "This Mantle key is unknown or revoked.")
        : refused(
            "not_a_mantle_key",
            "This is not a Mantle key (sk-mantle-...). A provider's key is not accepted here and was not passed on.");
  }

  private static @Nullable String key(RequestHead head) {
    String authorization = head.header("authorization");
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return authorization.substring(BEARER.length()).strip();
    }
    return head.header("x-api-key");
  }

  private static RefusedException refused(String code, String message) {
    return new RefusedException(Refusal.ofRequest(401, code, message));
  }
}
