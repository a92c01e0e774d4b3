package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.BillingRepository;
import io.mantle.controlplane.database.BillingRepository.ModelMonth;
import io.mantle.controlplane.database.BillingRepository.Month;
import io.mantle.controlplane.database.PlanPrice;
import io.mantle.controlplane.database.TenantRepository;
import io.mantle.controlplane.database.TenantRepository.Tenant;
import io.mantle.controlplane.database.Usd;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code /tenants/{t}/billing/preview?month=}: what a month would cost: the plan, and the providers
 * as far as prices are known, so far and to its end. Nothing is charged.
 */
final class BillingResource {
  private static final Pattern MONTH = Pattern.compile("20[0-9]{2}-[0-9]{2}");
  private static final int UNPRICED_MAX = 100;

  private final BillingRepository billing;
  private final TenantRepository tenants;
  private final Clock clock;

  BillingResource(BillingRepository billing, TenantRepository tenants, Clock clock) {
    this.billing = billing;
    this.tenants = tenants;
    this.clock = clock;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.BILLING_PREVIEW.route(), this::preview);
  }

  private void preview(Context context) {
    Instant now = clock.instant();
    YearMonth month = month(context).orElseGet(() -> YearMonth.from(now.atOffset(ZoneOffset.UTC)));
    Tenant tenant = tenants.tenant(context.pathParam("tenant")).orElseThrow(Problem::noSuchTenant);
    PlanPrice price = Objects.requireNonNull(billing.plans().get(tenant.plan()));
    Month used = billing.month(tenant.id(), month);
    Projection projection = Projection.of(month, now);

    ObjectNode body =
        Answer.object()
            .put("month", month.toString())
            .put("as_of", now.toString())
            .put("complete", projection.isComplete());
    ObjectNode plan = body.putObject("plan").put("id", tenant.plan());
    plan.set("price", PlanResource.json(price));
    plan.put("requests", used.requests())
        .put("more_requests", price.moreRequests(used.requests()))
        .put("fee_usd", Usd.text(price.feeNanoUsd()))
        .put("more_requests_usd", Usd.text(price.moreRequestsNanoUsd(used.requests())));
    providers(body.putObject("providers"), used);
    body.put("total_usd", Usd.text(total(price, used.requests(), used.costNanoUsd())));

    long requests = projection.ofCount(used.requests());
    BigDecimal cost = projection.of(used.costNanoUsd());
    body.putObject("projected")
        .put("requests", requests)
        .put("more_requests_usd", Usd.text(price.moreRequestsNanoUsd(requests)))
        .put("providers_usd", Usd.text(cost))
        .put("total_usd", Usd.text(total(price, requests, cost)));
    new Answer(200, body.toString(), "").writeTo(context);
  }

  private static BigDecimal total(PlanPrice price, long requests, BigDecimal providersNanoUsd) {
    return price.feeNanoUsd().add(price.moreRequestsNanoUsd(requests)).add(providersNanoUsd);
  }

  private static void providers(ObjectNode json, Month used) {
    List<ModelMonth> all = used.models();
    boolean truncated = all.size() > BillingRepository.MODELS_MAX;
    List<ModelMonth> shown = truncated ? all.subList(0, BillingRepository.MODELS_MAX) : all;
    json.put("cost_usd", Usd.text(used.costNanoUsd())).put("unpriced_requests", used.unpriced());
    ArrayNode models = json.putArray("models");
    shown.forEach(model -> models.add(json(model)));
    json.put("truncated", truncated);
    ArrayNode unpriced = json.putArray("unpriced_models");
    shown.stream()
        .filter(model -> model.unpriced() > 0)
        .limit(UNPRICED_MAX)
        .forEach(model -> unpriced.add(model.model()));
  }

  private static ObjectNode json(ModelMonth model) {
    return Answer.object()
        .put("model", model.model())
        .put("requests", model.requests())
        .put("prompt_tokens", model.promptTokens())
        .put("completion_tokens", model.completionTokens())
        .put("cached_tokens", model.cachedTokens())
        .put("cost_usd", UsageResource.cost(model.costNanoUsd(), model.unpriced()).orElse(null))
        .put("unpriced_requests", model.unpriced());
  }

  private static Optional<YearMonth> month(Context context) {
    String text = context.queryParam("month");
    if (text == null) {
      return Optional.empty();
    }
    try {
      if (MONTH.matcher(text).matches()) {
        return Optional.of(YearMonth.parse(text));
      }
    } catch (DateTimeParseException e) {
      // as below
    }
    throw new Problem(400, "Malformed request", "month is a month such as 2026-01.").at("month");
  }
}
