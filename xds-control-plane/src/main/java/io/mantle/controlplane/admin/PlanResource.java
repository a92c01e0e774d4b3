package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.AuditLog;
import io.mantle.controlplane.database.LimitRepository;
import io.mantle.controlplane.database.Limits;
import java.util.Set;

/** {@code /plans}: {@code {id, limits}}: what each plan gives. A platform admin changes it. */
final class PlanResource {
  private final LimitRepository stored;
  private final AuditLog audit;

  PlanResource(LimitRepository stored, AuditLog audit) {
    this.stored = stored;
    this.audit = audit;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.PLANS_LIST.route(), this::list);
    routes.get(Operation.PLAN_GET.route(), this::get);
    routes.put(Operation.PLAN_PUT.route(), this::put);
  }

  private void list(Context context) {
    ObjectNode body = Answer.object();
    ArrayNode data = body.putArray("data");
    stored.plans().forEach((plan, limits) -> data.add(json(plan, limits)));
    body.putNull("next");
    new Answer(200, body.toString(), "").writeTo(context);
  }

  private void get(Context context) {
    String plan = context.pathParam("id");
    Limits limits = stored.plans().get(plan);
    if (limits == null) {
      throw Problem.notFound("plan");
    }
    Answer.of(json(plan, limits)).writeTo(context);
  }

  private void put(Context context) {
    String plan = context.pathParam("id");
    JsonBody body = JsonBody.read(context.body(), Set.of("limits"));
    Limits asked =
        body.object("limits", LimitJson.FIELDS)
            .map(LimitJson::read)
            .orElseThrow(() -> Problem.invalid("limits", "It is missing."));
    Limits changed =
        stored
            .changePlan(
                plan,
                before -> {
                  Answer.checkIfMatch(context, json(plan, before));
                  audit.addOfPlatform(Gate.caller(context).actor(), "plan.change", plan);
                  return asked;
                })
            .orElseThrow(() -> Problem.notFound("plan"));
    Answer.of(json(plan, changed)).writeTo(context);
  }

  private static ObjectNode json(String plan, Limits limits) {
    ObjectNode json = Answer.object().put("id", plan);
    json.set("limits", LimitJson.write(limits));
    return json;
  }
}
