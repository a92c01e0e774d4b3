package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.Page;
import io.mantle.controlplane.database.RouteRepository;
import io.mantle.controlplane.database.RouteRepository.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * {@code /tenants/{t}/routes}: {@code {model_pattern, providers, position, model_mapping, retries,
 * first_byte_timeout_seconds}}: which models go to which providers, in order of preference, and how
 * they are asked. They are listed in the order they are tried.
 */
final class RouteResource {
  private static final Set<String> FIELDS =
      Set.of(
          "model_pattern",
          "providers",
          "position",
          "model_mapping",
          "retries",
          "first_byte_timeout_seconds");
  private static final int PROVIDERS_MAX = 16;
  private static final int RETRIES_MAX = 10;
  private static final int FIRST_BYTE_SECONDS_MAX = 600;
  private static final int MODEL_CHARS_MAX = 256;

  private final RouteRepository routesStored;
  private final Writes writes;

  RouteResource(RouteRepository routesStored, Writes writes) {
    this.routesStored = routesStored;
    this.writes = writes;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.ROUTES_LIST.route(), this::list);
    routes.post(
        Operation.ROUTE_CREATE.route(),
        context -> writes.change(context, tenant -> create(context, tenant.id())));
    routes.get(Operation.ROUTE_GET.route(), this::get);
    routes.put(
        Operation.ROUTE_PUT.route(),
        context -> writes.change(context, tenant -> put(context, tenant.id())));
    routes.delete(
        Operation.ROUTE_DELETE.route(),
        context -> writes.change(context, tenant -> delete(context, tenant.id())));
  }

  private void list(Context context) {
    Page page = Answer.pageOfIds(context);
    Answer.page(
            page,
            routesStored.list(context.pathParam("tenant"), page.andOneMore()),
            RouteResource::json,
            route -> route.id().toString())
        .writeTo(context);
  }

  private Answer create(Context context, String tenant) {
    Route route = route(UUID.randomUUID(), context);
    save(tenant, route);
    writes.record(context, tenant, "route.create", route.id());
    ObjectNode created = json(find(tenant, route.id()));
    return Answer.created(created, created);
  }

  private void get(Context context) {
    Answer.of(json(find(context.pathParam("tenant"), Answer.idOf(context, "route"))))
        .writeTo(context);
  }

  private Answer put(Context context, String tenant) {
    Route stored = find(tenant, Answer.idOf(context, "route"));
    Answer.checkIfMatch(context, json(stored));
    save(tenant, route(stored.id(), context));
    writes.record(context, tenant, "route.change", stored.id());
    return Answer.of(json(find(tenant, stored.id())));
  }

  private Answer delete(Context context, String tenant) {
    Route stored = find(tenant, Answer.idOf(context, "route"));
    Answer.checkIfMatch(context, json(stored));
    routesStored.delete(tenant, stored.id());
    writes.record(context, tenant, "route.delete", stored.id());
    return Answer.nothing();
  }

  private void save(String tenant, Route route) {
    if (!routesStored.save(tenant, route)) {
      throw new Problem(409, "Conflict", "The tenant has another route of this pattern.")
          .at("model_pattern");
    }
  }

  private static Route route(UUID id, Context context) {
    JsonBody body = JsonBody.read(context.body(), FIELDS);
    List<UUID> providers = new ArrayList<>();
    for (String text : body.texts("providers", PROVIDERS_MAX, 36)) {
      String field = "providers[" + providers.size() + "]";
      providers.add(
          Answer.uuid(text).orElseThrow(() -> Problem.invalid(field, "It is no provider's id.")));
    }
    if (providers.isEmpty() || new HashSet<>(providers).size() < providers.size()) {
      throw Problem.invalid("providers", "A route names at least one provider, each once.");
    }
    return new Route(
        id,
        body.whole("position", 0, 1_000_000, 0),
        body.text("model_pattern", 1, MODEL_CHARS_MAX),
        providers,
        mapping(body, providers),
        body.wholeIfGiven("retries", 0, RETRIES_MAX),
        body.wholeIfGiven("first_byte_timeout_seconds", 1, FIRST_BYTE_SECONDS_MAX));
  }

  private static Map<String, String> mapping(JsonBody body, List<UUID> providers) {
    Map<String, String> mapping = body.textsByName("model_mapping", PROVIDERS_MAX, MODEL_CHARS_MAX);
    Map<String, String> canonical = new HashMap<>();
    mapping.forEach(
        (provider, model) -> {
          UUID id =
              Answer.uuid(provider)
                  .filter(providers::contains)
                  .orElseThrow(
                      () ->
                          Problem.invalid(
                              "model_mapping", "It names what is no provider of this route."));
          canonical.put(id.toString(), model);
        });
    return canonical;
  }

  private Route find(String tenant, UUID id) {
    return routesStored.find(tenant, id).orElseThrow(() -> Problem.notFound("route"));
  }

  private static ObjectNode json(Route route) {
    ObjectNode json =
        Answer.object()
            .put("id", route.id().toString())
            .put("position", route.position())
            .put("model_pattern", route.modelPattern());
    ArrayNode providers = json.putArray("providers");
    route.providers().forEach(id -> providers.add(id.toString()));
    ObjectNode mapping = json.putObject("model_mapping");
    new TreeMap<>(route.modelMapping()).forEach(mapping::put);
    put(json, "retries", route.retries());
    put(json, "first_byte_timeout_seconds", route.firstByteTimeoutSeconds());
    return json;
  }

  private static void put(ObjectNode json, String field, OptionalInt value) {
    if (value.isPresent()) {
      json.put(field, value.getAsInt());
    } else {
      json.putNull(field);
    }
  }
}
