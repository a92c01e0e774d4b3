package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.AuditLog;
import io.mantle.controlplane.database.BillingRepository;
import io.mantle.controlplane.database.LimitRepository;
import io.mantle.controlplane.database.Limits;
import io.mantle.controlplane.database.Page;
import io.mantle.controlplane.database.PlanPrice;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * {@code /plans}: {@code {id, limits, price}}: what each plan gives, and costs. A platform admin
 * changes it.
 */
final class PlanResource {
  private static final String FEE = "monthly_fee_cents";
  private static final String INCLUDED = "included_requests";
  private static final String MORE = "thousand_more_requests_cents";
  private static final long CENTS_MAX = 10_000_000_000L;
  private static final long REQUESTS_MAX = 1_000_000_000_000L;

  private final LimitRepository stored;
  private final BillingRepository billing;
  private final AuditLog audit;

  PlanResource(LimitRepository stored, BillingRepository billing, AuditLog audit) {
    this.stored = stored;
    this.billing = billing;
    this.audit = audit;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.PLANS_LIST.route(), this::list);
    routes.get(Operation.PLAN_GET.route(), this::get);
    routes.put(Operation.PLAN_PUT.route(), this::put);
  }

  private void list(Context context) {
    Map<String, Limits> plans = stored.plans();
    Page page = Answer.pageOf(context, plans::containsKey);
    String after = page.after().orElse("");
    List<String> rest =
        plans.keySet().stream()
            .sorted()
            .filter(plan -> plan.compareTo(after) > 0)
            .limit(page.andOneMore().limit())
            .toList();
    Answer.page(
            page, rest, plan -> json(plan, Objects.requireNonNull(plans.get(plan))), plan -> plan)
        .writeTo(context);
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
    JsonBody body = JsonBody.read(context.body(), Set.of("limits", "price"));
    Limits asked =
        body.object("limits", LimitJson.FIELDS)
            .map(LimitJson::read)
            .orElseThrow(() -> Problem.invalid("limits", "It is missing."));
    Optional<PlanPrice> price =
        body.object("price", Set.of(FEE, INCLUDED, MORE)).map(PlanResource::price);
    Limits changed =
        stored
            .changePlan(
                plan,
                before -> {
                  Answer.checkIfMatch(context, json(plan, before));
                  price.ifPresent(asPut -> billing.putPlan(plan, asPut));
                  audit.addOfPlatform(Gate.caller(context).actor(), "plan.change", plan);
                  return asked;
                })
            .orElseThrow(() -> Problem.notFound("plan"));
    Answer.of(json(plan, changed)).writeTo(context);
  }

  private static PlanPrice price(JsonBody body) {
    return new PlanPrice(
        cents(body, FEE), body.numberOrNull(INCLUDED, 0, REQUESTS_MAX), cents(body, MORE));
  }

  private static long cents(JsonBody body, String field) {
    return body.numberOrNull(field, 0, CENTS_MAX)
        .orElseThrow(() -> Problem.invalid("price." + field, "It is null."));
  }

  private ObjectNode json(String plan, Limits limits) {
    ObjectNode json = Answer.object().put("id", plan);
    json.set("limits", LimitJson.write(limits));
    json.set("price", json(Objects.requireNonNull(billing.plans().get(plan))));
    return json;
  }

  static ObjectNode json(PlanPrice price) {
    OptionalLong included = price.includedRequests();
    return Answer.object()
        .put(FEE, price.feeCents())
        .put(INCLUDED, included.isPresent() ? included.getAsLong() : null)
        .put(MORE, price.thousandMoreCents());
  }
}
