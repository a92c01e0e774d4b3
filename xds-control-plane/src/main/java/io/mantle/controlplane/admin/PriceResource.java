package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Sets;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.AuditLog;
import io.mantle.controlplane.database.ModelPrice;
import io.mantle.controlplane.database.Page;
import io.mantle.controlplane.database.PriceRepository;
import io.mantle.controlplane.database.PriceRepository.PlatformPrice;
import io.mantle.controlplane.database.PriceRepository.TenantPrice;
import io.mantle.controlplane.database.Transactions;
import java.util.Set;
import java.util.UUID;

/**
 * {@code /prices}: what models cost, which a platform admin changes, and {@code
 * /tenants/{t}/prices}: what a tenant pays instead. Both hold for rows that are stored from then
 * on.
 */
final class PriceResource {
  private static final int SOURCE_CHARS_MAX = 500;
  private static final Set<String> PLATFORM_FIELDS =
      Sets.union(PriceJson.FIELDS, Set.of("source")).immutableCopy();

  private final PriceRepository prices;
  private final Transactions transactions;
  private final AuditLog audit;
  private final Writes writes;

  PriceResource(PriceRepository prices, Transactions transactions, AuditLog audit, Writes writes) {
    this.prices = prices;
    this.transactions = transactions;
    this.audit = audit;
    this.writes = writes;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.PRICES_LIST.route(), this::listOfPlatform);
    routes.put(Operation.PRICE_PUT.route(), this::put);
    routes.get(Operation.TENANT_PRICES_LIST.route(), this::list);
    routes.post(
        Operation.TENANT_PRICE_CREATE.route(),
        context -> writes.change(context, tenant -> create(context, tenant.id())));
    routes.get(Operation.TENANT_PRICE_GET.route(), this::get);
    routes.put(
        Operation.TENANT_PRICE_PUT.route(),
        context -> writes.change(context, tenant -> change(context, tenant.id())));
    routes.delete(
        Operation.TENANT_PRICE_DELETE.route(),
        context -> writes.change(context, tenant -> delete(context, tenant.id())));
  }

  private void listOfPlatform(Context context) {
    Page page = Answer.pageOf(context, PlatformPrice::isPlace);
    Answer.page(page, prices.platform(page.andOneMore()), PriceResource::json, PlatformPrice::place)
        .writeTo(context);
  }

  private void put(Context context) {
    JsonBody body = JsonBody.read(context.body(), PLATFORM_FIELDS);
    PlatformPrice price =
        new PlatformPrice(
            PriceJson.read(body),
            body.textIfGiven("source", 0, SOURCE_CHARS_MAX).orElse(""),
            false);
    transactions.asIdentity(
        () -> {
          String stored =
              prices.inPlaceOf(price.price()).map(before -> json(before).toString()).orElse("");
          if (!Answer.isMatch(context, stored.isEmpty() ? "" : Answer.etagOf(stored))) {
            throw Answer.notAsStored();
          }
          prices.put(price);
          audit.addOfPlatform(
              Gate.caller(context).actor(), "price.put", subject(price.price().modelPattern()));
          return price;
        });
    Answer.of(json(price)).writeTo(context);
  }

  private void list(Context context) {
    Page page = Answer.pageOfIds(context);
    Answer.page(
            page,
            prices.list(context.pathParam("tenant"), page.andOneMore()),
            PriceResource::json,
            price -> price.id().toString())
        .writeTo(context);
  }

  private void get(Context context) {
    Answer.of(json(find(context, context.pathParam("tenant")))).writeTo(context);
  }

  private Answer create(Context context, String tenant) {
    TenantPrice price = new TenantPrice(UUID.randomUUID(), read(context));
    if (prices.count(tenant) >= PriceRepository.OF_TENANT_MAX) {
      throw new Problem(
          409, "Conflict", "A tenant has at most " + PriceRepository.OF_TENANT_MAX + " prices.");
    }
    save(tenant, price);
    writes.record(context, tenant, "price.create", price.id());
    return Answer.created(json(price), json(price));
  }

  private Answer change(Context context, String tenant) {
    Answer.checkIfMatch(context, json(find(context, tenant)));
    TenantPrice price = new TenantPrice(Answer.idOf(context, "price"), read(context));
    save(tenant, price);
    writes.record(context, tenant, "price.change", price.id());
    return Answer.of(json(price));
  }

  private Answer delete(Context context, String tenant) {
    TenantPrice price = find(context, tenant);
    Answer.checkIfMatch(context, json(price));
    prices.delete(tenant, price.id());
    writes.record(context, tenant, "price.delete", price.id());
    return Answer.nothing();
  }

  private static ModelPrice read(Context context) {
    return PriceJson.read(JsonBody.read(context.body(), PriceJson.FIELDS));
  }

  private TenantPrice find(Context context, String tenant) {
    return prices
        .find(tenant, Answer.idOf(context, "price"))
        .orElseThrow(() -> Problem.notFound("price"));
  }

  private void save(String tenant, TenantPrice price) {
    if (!prices.save(tenant, price)) {
      throw new Problem(409, "Conflict", "There is another price of this kind, pattern and day.")
          .at("model_pattern");
    }
  }

  private static ObjectNode json(PlatformPrice price) {
    return PriceJson.write(price.price())
        .put("source", price.source())
        .put("shipped", price.shipped());
  }

  private static ObjectNode json(TenantPrice price) {
    ObjectNode json = Answer.object().put("id", price.id().toString());
    return json.setAll(PriceJson.write(price.price()));
  }

  /** As much of it as a row of the audit holds. */
  private static String subject(String pattern) {
    return pattern.substring(0, Math.min(200, pattern.length()));
  }
}
