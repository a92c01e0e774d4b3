package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.Budget;
import io.mantle.controlplane.database.BudgetAlert;
import io.mantle.controlplane.database.BudgetAlerts;
import io.mantle.controlplane.database.BudgetRepository;
import io.mantle.controlplane.database.BudgetWatch;
import io.mantle.controlplane.database.KeyRepository;
import io.mantle.controlplane.database.LimitKind;
import io.mantle.controlplane.database.LimitRepository;
import io.mantle.controlplane.database.MonthSpend;
import io.mantle.controlplane.database.Page;
import io.mantle.controlplane.database.TenantLimits;
import io.mantle.controlplane.database.Usd;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * {@code /tenants/{t}/budget} and {@code /tenants/{t}/keys/{id}/budget}: {@code {limit_cents,
 * warn_percents, action}}, read with what is spent of it, which is no part of its ETag; where none
 * is stored, what the limits say. {@code /tenants/{t}/budget/alerts}: what was noticed, and whether
 * the webhook took it.
 */
final class BudgetResource {
  private static final Set<String> FIELDS = Set.of("limit_cents", "warn_percents", "action");
  private static final List<String> ACTIONS = List.of("warn", "stop");
  private static final int WARN_PERCENTS_MAX = 10;
  private static final int PERCENT_MAX = 1_000;

  private final BudgetRepository budgets;
  private final LimitRepository limits;
  private final BudgetAlerts alerts;
  private final BudgetWatch watch;
  private final KeyRepository keys;
  private final Writes writes;

  BudgetResource(
      BudgetRepository budgets,
      LimitRepository limits,
      BudgetAlerts alerts,
      BudgetWatch watch,
      KeyRepository keys,
      Writes writes) {
    this.budgets = budgets;
    this.limits = limits;
    this.alerts = alerts;
    this.watch = watch;
    this.keys = keys;
    this.writes = writes;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.BUDGET_GET.route(), context -> get(context, Optional.empty()));
    routes.put(Operation.BUDGET_PUT.route(), context -> put(context, Optional.empty()));
    routes.delete(Operation.BUDGET_DELETE.route(), context -> delete(context, Optional.empty()));
    routes.get(Operation.KEY_BUDGET_GET.route(), context -> get(context, keyOf(context)));
    routes.put(Operation.KEY_BUDGET_PUT.route(), context -> put(context, keyOf(context)));
    routes.delete(Operation.KEY_BUDGET_DELETE.route(), context -> delete(context, keyOf(context)));
    routes.get(Operation.BUDGET_ALERTS_LIST.route(), this::list);
  }

  private Optional<UUID> keyOf(Context context) {
    UUID id = Answer.idOf(context, "key");
    if (!keys.exists(context.pathParam("tenant"), id)) {
      throw Problem.notFound("key");
    }
    return Optional.of(id);
  }

  private void get(Context context, Optional<UUID> key) {
    String tenant = context.pathParam("tenant");
    answer(tenant, key, budgets.find(tenant, key)).writeTo(context);
  }

  private void put(Context context, Optional<UUID> key) {
    writes.change(
        context,
        tenant -> {
          checkIfMatch(context, budgets.find(tenant.id(), key));
          Budget budget = budget(key, JsonBody.read(context.body(), FIELDS));
          budgets.save(tenant.id(), budget);
          writes.record(context, tenant.id(), "budget.change", subject(tenant.id(), key));
          return answer(tenant.id(), key, Optional.of(budget));
        });
    // More of it may be spent already than somebody is told of.
    watch.check(context.pathParam("tenant"));
  }

  private void delete(Context context, Optional<UUID> key) {
    writes.change(
        context,
        tenant -> {
          Optional<Budget> stored = budgets.find(tenant.id(), key);
          if (stored.isEmpty()) {
            throw Problem.notFound("budget");
          }
          checkIfMatch(context, stored);
          budgets.delete(tenant.id(), key);
          writes.record(context, tenant.id(), "budget.delete", subject(tenant.id(), key));
          return Answer.nothing();
        });
  }

  private void list(Context context) {
    Page page = Answer.pageOfIds(context);
    Answer.page(
            page,
            alerts.list(context.pathParam("tenant"), page.andOneMore()),
            BudgetResource::json,
            alert -> alert.id().toString())
        .writeTo(context);
  }

  private static void checkIfMatch(Context context, Optional<Budget> stored) {
    if (!Answer.isMatch(context, stored.map(BudgetResource::etag).orElse(""))) {
      throw Answer.notAsStored();
    }
  }

  private static Object subject(String tenant, Optional<UUID> key) {
    return key.map(UUID::toString).orElse(tenant);
  }

  private static Budget budget(Optional<UUID> key, JsonBody body) {
    return new Budget(
        key,
        body.number("limit_cents", 1, LimitKind.VALUE_MAX),
        body.wholes(
            "warn_percents", WARN_PERCENTS_MAX, 1, PERCENT_MAX, Budget.WARN_PERCENTS_DEFAULT),
        body.has("action") && body.word("action", ACTIONS).equals("stop"));
  }

  /** With the tag of what is stored; without one where the limits alone have a budget. */
  private Answer answer(String tenant, Optional<UUID> key, Optional<Budget> stored) {
    TenantLimits tenantLimits = limits.limits(tenant).orElseThrow(Problem::noSuchTenant);
    Optional<Budget> ofLimits =
        Budget.of(tenantLimits).stream().filter(budget -> budget.key().equals(key)).findAny();
    Budget shown = stored.or(() -> ofLimits).orElseThrow(() -> Problem.notFound("budget"));
    MonthSpend spend = budgets.spend(tenant);
    BigDecimal spent = spend.nanoUsd(shown);
    ObjectNode json =
        settings(shown)
            .put("from", stored.isPresent() ? "budget" : source(tenantLimits, key))
            .put("monthly_budget_cents", ofLimits.map(Budget::limitCents).orElse(null))
            .put("month", spend.month().toString())
            .put("spent_usd", Usd.text(spent))
            .put(
                "stopped",
                Stream.concat(stored.stream(), ofLimits.stream())
                    .anyMatch(budget -> budget.keepsOut(spend.nanoUsd(budget))));
    return new Answer(200, json.toString(), stored.map(BudgetResource::etag).orElse(""));
  }

  private static String source(TenantLimits limits, Optional<UUID> key) {
    boolean ofPlan = key.isEmpty() && !limits.tenant().says(LimitKind.MONTHLY_BUDGET_CENTS);
    return ofPlan ? "plan" : "limits";
  }

  private static String etag(Budget budget) {
    return Answer.etagOf(settings(budget).toString());
  }

  private static ObjectNode settings(Budget budget) {
    ObjectNode json = Answer.object().put("limit_cents", budget.limitCents());
    ArrayNode percents = json.putArray("warn_percents");
    budget.warnPercents().forEach(percents::add);
    return json.put("action", budget.stops() ? "stop" : "warn");
  }

  private static ObjectNode json(BudgetAlert alert) {
    BudgetAlert.Delivery delivery = alert.delivery();
    ObjectNode json =
        Answer.object()
            .put("id", alert.id().toString())
            .put("key", alert.keyId().isEmpty() ? null : alert.keyId())
            .put("month", alert.month().toString())
            .put("percent", alert.percent())
            .put("limit_cents", alert.limitCents())
            .put("spent_usd", Usd.text(alert.spentNanoUsd()))
            .put("stops", alert.stops())
            .put("crossed_at", alert.crossedAt().toString())
            .put("delivery", delivery.state())
            .put("attempts", delivery.attempts())
            .put("delivered_at", delivery.deliveredAt().map(Object::toString).orElse(null));
    return json.put("error", delivery.error().isEmpty() ? null : delivery.error());
  }
}
