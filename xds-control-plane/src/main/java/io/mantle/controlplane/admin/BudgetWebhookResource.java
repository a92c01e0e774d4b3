package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.BudgetWebhooks;
import io.mantle.controlplane.database.BudgetWebhooks.Place;
import io.mantle.controlplane.database.Secret;
import io.mantle.controlplane.identity.Role;
import io.mantle.controlplane.probe.Webhook;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /tenants/{t}/budget/webhook}: {@code {url, secret, allow_private_addresses}}. The secret
 * is written and never read; PUT without one keeps what is stored. Places that are not on the
 * public Internet are for a platform admin to name, or to allow a public name to lead to, as those
 * of providers are.
 */
final class BudgetWebhookResource {
  private static final Set<String> FIELDS = Set.of("url", "secret", "allow_private_addresses");
  private static final int URL_CHARS_MAX = 2_048;
  private static final int SECRET_CHARS_MIN = 16;
  private static final int SECRET_CHARS_MAX = 256;
  private static final String MASK = "********";

  private final BudgetWebhooks webhooks;
  private final Writes writes;

  BudgetWebhookResource(BudgetWebhooks webhooks, Writes writes) {
    this.webhooks = webhooks;
    this.writes = writes;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.BUDGET_WEBHOOK_GET.route(), this::get);
    routes.put(
        Operation.BUDGET_WEBHOOK_PUT.route(),
        context -> writes.change(context, tenant -> put(context, tenant.id())));
    routes.delete(
        Operation.BUDGET_WEBHOOK_DELETE.route(),
        context -> writes.change(context, tenant -> delete(context, tenant.id())));
  }

  private void get(Context context) {
    Answer.of(json(find(context.pathParam("tenant")))).writeTo(context);
  }

  private Answer put(Context context, String tenant) {
    Optional<Place> stored = webhooks.find(tenant);
    if (!Answer.isMatch(context, stored.map(BudgetWebhookResource::etag).orElse(""))) {
      throw Answer.notAsStored();
    }
    JsonBody body = JsonBody.read(context.body(), FIELDS);
    String url = body.text("url", 1, URL_CHARS_MAX);
    boolean same = stored.filter(place -> place.url().equals(url)).isPresent();
    boolean allowedBefore = same && stored.get().privateAllowed();
    boolean allowed = body.flag("allow_private_addresses", allowedBefore);
    checkPlace(context, url, same, allowed, allowedBefore);
    Optional<Secret> secret = secret(body);
    if (secret.isEmpty() && stored.isEmpty()) {
      throw Problem.invalid("secret", "It is missing.");
    }
    webhooks.save(tenant, new Place(url, allowed), secret);
    writes.record(context, tenant, "budget-webhook.change", tenant);
    return Answer.of(json(find(tenant)));
  }

  private Answer delete(Context context, String tenant) {
    Answer.checkIfMatch(context, json(find(tenant)));
    webhooks.delete(tenant);
    writes.record(context, tenant, "budget-webhook.delete", tenant);
    return Answer.nothing();
  }

  private static void checkPlace(
      Context context, String url, boolean same, boolean allowed, boolean allowedBefore) {
    boolean admin = Gate.caller(context).role().equals(Optional.of(Role.PLATFORM_ADMIN));
    if (allowed && !allowedBefore && !admin) {
      throw Problem.invalid("allow_private_addresses", "A platform admin alone may allow it.");
    }
    try {
      if (Webhook.Target.of(url, allowed).isInternal() && !same && !admin) {
        throw Problem.invalid(
            "url", "It is not on the public Internet; a platform admin alone may name it.");
      }
    } catch (Webhook.InvalidUrlException e) {
      throw Problem.invalid("url", "It cannot be posted to: " + e.getMessage() + ".");
    }
  }

  /** What was shown may be sent back, and changes nothing. */
  private static Optional<Secret> secret(JsonBody body) {
    if (!body.has("secret")) {
      return Optional.empty();
    }
    String given = body.text("secret", 1, SECRET_CHARS_MAX);
    if (given.equals(MASK)) {
      return Optional.empty();
    }
    return Optional.of(Secret.of(body.text("secret", SECRET_CHARS_MIN, SECRET_CHARS_MAX)));
  }

  private Place find(String tenant) {
    return webhooks.find(tenant).orElseThrow(() -> Problem.notFound("webhook"));
  }

  private static String etag(Place place) {
    return Answer.etagOf(json(place).toString());
  }

  private static ObjectNode json(Place place) {
    return Answer.object()
        .put("url", place.url())
        .put("secret", MASK)
        .put("allow_private_addresses", place.privateAllowed());
  }
}
