package io.mantle.controlplane.admin;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.InvalidPolicyException;
import io.mantle.controlplane.database.PrivacyJson;
import io.mantle.controlplane.database.PrivacyRow;
import io.mantle.controlplane.database.TenantRepository;
import io.mantle.controlplane.snapshot.PrivacyPolicies;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code /tenants/{t}/privacy}: a tenant's privacy policy, read and replaced whole. A policy that
 * sidecars would refuse, or whose recognizers fail their samples, is refused with the name of the
 * field and is not stored.
 */
final class PrivacyResource {
  private static final String PATH = "/api/v1/tenants/{tenant}/privacy";
  private static final int ETAG_BYTES = 8;

  private final TenantRepository tenants;
  private final boolean deepTier;

  PrivacyResource(TenantRepository tenants, boolean deepTier) {
    this.tenants = tenants;
    this.deepTier = deepTier;
  }

  void serve(RoutesConfig routes) {
    routes.get(PATH, this::get);
    routes.put(PATH, this::put);
  }

  private void get(Context context) {
    String tenant = context.pathParam("tenant");
    try {
      answer(context, tenants.privacy(tenant).orElseThrow(PrivacyResource::noSuchTenant));
    } catch (InvalidPolicyException e) {
      throw new Problem(
          409, "Unreadable policy", "What is stored cannot be used; " + e.getMessage());
    }
  }

  private void put(Context context) {
    String tenant = context.pathParam("tenant");
    PrivacyRow policy;
    try {
      policy = PrivacyJson.read(context.body());
      PrivacyPolicies.check(policy, deepTier);
    } catch (InvalidPolicyException e) {
      throw e.field().isEmpty()
          ? new Problem(400, "Malformed policy", e.reason())
          : new Problem(422, "Invalid policy", e.reason()).at(e.field());
    }
    switch (tenants.savePrivacy(tenant, policy, expected(context.header("If-Match")))) {
      case SAVED -> answer(context, policy);
      case NO_SUCH_TENANT -> throw noSuchTenant();
      case NOT_AS_EXPECTED ->
          throw new Problem(
              412, "Precondition failed", "The policy is not the one that If-Match names.");
    }
  }

  private static Predicate<PrivacyRow> expected(@Nullable String ifMatch) {
    return stored -> ifMatch == null || ifMatch.equals("*") || ifMatch.equals(etag(stored));
  }

  private static Problem noSuchTenant() {
    return new Problem(404, "Not found", "There is no such tenant.");
  }

  private static void answer(Context context, PrivacyRow policy) {
    context
        .header("ETag", etag(policy))
        .contentType("application/json")
        .result(PrivacyJson.write(policy));
  }

  private static String etag(PrivacyRow policy) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(PrivacyJson.write(policy).getBytes(StandardCharsets.UTF_8));
      return '"' + HexFormat.of().formatHex(hash, 0, ETAG_BYTES) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
