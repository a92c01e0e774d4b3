package io.mantle.controlplane.admin;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.InvalidPolicyException;
import io.mantle.controlplane.database.PrivacyJson;
import io.mantle.controlplane.database.PrivacyRow;
import io.mantle.controlplane.database.TenantRepository;
import io.mantle.controlplane.snapshot.PrivacyPolicies;

/**
 * {@code /tenants/{t}/privacy}: a tenant's privacy policy, read and replaced whole. A policy that
 * sidecars would refuse, or whose recognizers fail their samples, is refused with the name of the
 * field and is not stored.
 */
final class PrivacyResource {
  private final TenantRepository tenants;
  private final Writes writes;
  private final boolean deepTier;

  /**
   * Of all tenants.
   *
   * @param deepTier whether every sidecar has a model for the deep tier
   */
  PrivacyResource(TenantRepository tenants, Writes writes, boolean deepTier) {
    this.tenants = tenants;
    this.writes = writes;
    this.deepTier = deepTier;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.PRIVACY_GET.route(), this::get);
    routes.put(
        Operation.PRIVACY_PUT.route(),
        context -> {
          // Before the tenant is locked: the largest lists take half a second.
          PrivacyRow policy = checked(context.body());
          writes.change(context, tenant -> put(context, tenant.id(), policy));
        });
  }

  private void get(Context context) {
    try {
      answer(tenants.privacy(context.pathParam("tenant")).orElseThrow(Problem::noSuchTenant))
          .writeTo(context);
    } catch (InvalidPolicyException e) {
      throw new Problem(
          409, "Unreadable policy", "What is stored cannot be used; " + e.getMessage());
    }
  }

  private PrivacyRow checked(String json) {
    try {
      PrivacyRow policy = PrivacyJson.read(json);
      PrivacyPolicies.check(policy, deepTier);
      return policy;
    } catch (InvalidPolicyException e) {
      throw e.field().isEmpty()
          ? new Problem(400, "Malformed policy", e.reason())
          : new Problem(422, "Invalid policy", e.reason()).at(e.field());
    }
  }

  private Answer put(Context context, String tenant, PrivacyRow policy) {
    switch (tenants.savePrivacy(
        tenant,
        policy,
        stored -> Answer.isMatch(context, Answer.etagOf(PrivacyJson.write(stored))))) {
      case SAVED -> writes.record(context, tenant, "privacy.change", tenant);
      case NO_SUCH_TENANT -> throw Problem.noSuchTenant();
      case NOT_AS_EXPECTED -> throw Answer.notAsStored();
    }
    return answer(policy);
  }

  private static Answer answer(PrivacyRow policy) {
    String json = PrivacyJson.write(policy);
    return new Answer(200, json, Answer.etagOf(json));
  }
}
