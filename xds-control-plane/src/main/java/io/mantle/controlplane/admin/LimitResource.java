package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.KeyRepository;
import io.mantle.controlplane.database.LimitKind;
import io.mantle.controlplane.database.LimitRepository;
import io.mantle.controlplane.database.Limits;
import io.mantle.controlplane.database.TenantLimits;
import io.mantle.controlplane.database.TenantRepository.Tenant;
import io.mantle.controlplane.identity.Role;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * {@code /tenants/{t}/limits}: {@code {limits, keys}}: what differs from the plan, for the tenant
 * and for single keys; read with what holds and where it comes from. An owner may lower what holds
 * and raise it up to the plan's; a platform admin alone goes beyond.
 */
final class LimitResource {
  private static final int KEYS_MAX = 10_000;

  private final LimitRepository stored;
  private final KeyRepository keys;
  private final Writes writes;

  LimitResource(LimitRepository stored, KeyRepository keys, Writes writes) {
    this.stored = stored;
    this.keys = keys;
    this.writes = writes;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.LIMITS_GET.route(), this::get);
    routes.put(
        Operation.LIMITS_PUT.route(),
        context -> writes.change(context, tenant -> put(context, tenant)));
  }

  private void get(Context context) {
    Answer.of(json(find(context.pathParam("tenant")))).writeTo(context);
  }

  private Answer put(Context context, Tenant tenant) {
    TenantLimits before = find(tenant.id());
    Answer.checkIfMatch(context, json(before));
    JsonBody body = JsonBody.read(context.body(), Set.of("limits", "keys"));
    Limits limits =
        body.object("limits", LimitJson.FIELDS).map(LimitJson::read).orElse(Limits.SILENT);
    Map<UUID, Limits> ofKeys = new HashMap<>();
    body.objects("keys", KEYS_MAX, LimitJson.FIELDS)
        .forEach((id, key) -> ofKeys.put(keyOf(tenant.id(), id), LimitJson.read(key)));
    if (!Gate.caller(context).role().equals(Optional.of(Role.PLATFORM_ADMIN))) {
      checkNotRaised(before, limits);
    }
    stored.save(tenant.id(), limits, ofKeys);
    writes.record(context, tenant.id(), "limits.change", tenant.id());
    return Answer.of(json(find(tenant.id())));
  }

  private UUID keyOf(String tenantId, String text) {
    return Answer.uuid(text)
        .filter(id -> keys.exists(tenantId, id))
        .orElseThrow(() -> Problem.invalid("keys", "It names a key that the tenant has not."));
  }

  private static void checkNotRaised(TenantLimits before, Limits asked) {
    for (LimitKind kind : LimitKind.values()) {
      OptionalLong next = asked.over(before.plan()).of(kind);
      if (exceeds(next, before.plan().of(kind)) && exceeds(next, before.effective().of(kind))) {
        throw new Problem(
                403, "Forbidden", "A platform admin alone raises a limit beyond the plan.")
            .at("limits." + kind.word());
      }
    }
  }

  private static boolean exceeds(OptionalLong one, OptionalLong other) {
    return other.isPresent() && (one.isEmpty() || one.getAsLong() > other.getAsLong());
  }

  private TenantLimits find(String tenantId) {
    return stored.limits(tenantId).orElseThrow(Problem::noSuchTenant);
  }

  private static ObjectNode json(TenantLimits limits) {
    ObjectNode json = Answer.object();
    json.set("limits", LimitJson.write(limits.tenant()));
    ObjectNode ofKeys = json.putObject("keys");
    limits.sortedKeys().forEach((id, key) -> ofKeys.set(id.toString(), LimitJson.write(key)));
    json.set("effective", LimitJson.writeEffective(limits.tenant(), limits.plan()));
    return json;
  }
}
