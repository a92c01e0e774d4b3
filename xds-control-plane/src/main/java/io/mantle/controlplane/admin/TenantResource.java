package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.AccountRepository;
import io.mantle.controlplane.database.Page;
import io.mantle.controlplane.database.TenantRepository;
import io.mantle.controlplane.database.TenantRepository.Tenant;
import io.mantle.controlplane.identity.Caller;
import io.mantle.controlplane.identity.Role;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * {@code /tenants}: {@code {id, name, plan, cors_origins}}. Lists those the caller belongs to, all
 * for a platform admin, who alone makes them and changes their plan.
 */
final class TenantResource {
  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,63}");
  private static final List<String> PLANS = List.of("free", "pro", "enterprise");
  private static final int NAME_CHARS_MAX = 200;

  private final TenantRepository tenants;
  private final AccountRepository accounts;
  private final Writes writes;

  TenantResource(TenantRepository tenants, AccountRepository accounts, Writes writes) {
    this.tenants = tenants;
    this.accounts = accounts;
    this.writes = writes;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.TENANTS_LIST.route(), this::list);
    routes.post(
        Operation.TENANT_CREATE.route(), context -> writes.begin(context, () -> create(context)));
    routes.get(Operation.TENANT_GET.route(), this::get);
    routes.put(
        Operation.TENANT_PUT.route(),
        context -> writes.change(context, tenant -> put(context, tenant)));
    routes.delete(
        Operation.TENANT_DELETE.route(),
        context -> writes.change(context, tenant -> delete(context, tenant)));
  }

  private void list(Context context) {
    Page page = Answer.pageOf(context, after -> ID.matcher(after).matches());
    List<Tenant> listed =
        switch (Gate.caller(context)) {
          case Caller.Operator _ -> accounts.tenants(page.andOneMore());
          case Caller.Person person ->
              person.platformAdmin()
                  ? accounts.tenants(page.andOneMore())
                  : accounts.tenantsOf(person.accountId(), page.andOneMore());
          case Caller.Machine machine ->
              page.after().isPresent()
                  ? List.of()
                  : tenants.tenant(machine.tenantId()).stream().toList();
        };
    Answer.page(page, listed, TenantResource::json, Tenant::id).writeTo(context);
  }

  private Answer create(Context context) {
    JsonBody body = JsonBody.read(context.body(), Set.of("id", "name", "plan", "cors_origins"));
    String id =
        body.textIfGiven("id", 1, 63)
            .orElseGet(() -> "t-" + UUID.randomUUID().toString().substring(24));
    if (!ID.matcher(id).matches()) {
      throw Problem.invalid("id", "It has 1 to 63 characters of a-z, 0-9 and -.");
    }
    String name = body.text("name", 1, NAME_CHARS_MAX);
    String plan = body.has("plan") ? body.word("plan", PLANS) : "free";
    List<String> origins =
        body.has("cors_origins") ? Cors.origins(body, "cors_origins") : List.of();
    if (!tenants.create(id, name, plan)) {
      throw new Problem(409, "Conflict", "There is, or was, a tenant of this id.").at("id");
    }
    if (!origins.isEmpty()) {
      tenants.change(id, name, plan, origins);
    }
    writes.record(context, id, "tenant.create", id);
    ObjectNode created = json(tenants.tenant(id).orElseThrow());
    return Answer.created(created, created);
  }

  private void get(Context context) {
    Answer.of(json(tenants.tenant(context.pathParam("tenant")).orElseThrow(Problem::noSuchTenant)))
        .writeTo(context);
  }

  private Answer put(Context context, Tenant stored) {
    Answer.checkIfMatch(context, json(stored));
    JsonBody body = JsonBody.read(context.body(), Set.of("name", "plan", "cors_origins"));
    String name = body.text("name", 1, NAME_CHARS_MAX);
    String plan = body.has("plan") ? body.word("plan", PLANS) : stored.plan();
    if (!plan.equals(stored.plan())
        && !Gate.caller(context).role().equals(Optional.of(Role.PLATFORM_ADMIN))) {
      throw new Problem(403, "Forbidden", "A platform admin alone changes the plan.").at("plan");
    }
    List<String> origins =
        body.has("cors_origins") ? Cors.origins(body, "cors_origins") : stored.corsOrigins();
    tenants.change(stored.id(), name, plan, origins);
    writes.record(context, stored.id(), "tenant.change", stored.id());
    return Answer.of(json(tenants.tenant(stored.id()).orElseThrow(Problem::noSuchTenant)));
  }

  private Answer delete(Context context, Tenant stored) {
    Answer.checkIfMatch(context, json(stored));
    tenants.delete(stored.id());
    writes.record(context, stored.id(), "tenant.delete", stored.id());
    return Answer.nothing();
  }

  private static ObjectNode json(Tenant tenant) {
    ObjectNode json =
        Answer.object()
            .put("id", tenant.id())
            .put("name", tenant.name())
            .put("plan", tenant.plan())
            .put("reserved", tenant.reserved());
    tenant.corsOrigins().forEach(json.putArray("cors_origins")::add);
    return json.put("created_at", tenant.createdAt().toString());
  }
}
