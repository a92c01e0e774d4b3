package io.mantle.cli.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.cli.apply.Change.Kind;
import io.mantle.cli.apply.Change.Step;
import io.mantle.cli.apply.Declaration.Credential;
import io.mantle.controlplane.snapshot.InvalidTenantException;
import io.mantle.controlplane.snapshot.ProviderAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * What has to change so that one tenant is as the file says: a function of both. The changes are in
 * an order in which each is possible, the policy first so that no key or provider comes under a
 * weaker one, keys after what they lead to, removals last.
 */
final class Difference {
  private final MantleFile file;
  private final Declaration.Tenant declared;
  private final LiveTenant live;
  private final String path;
  private final List<Change> changes = new ArrayList<>();
  private final List<Flaw> flaws = new ArrayList<>();

  private Difference(MantleFile file, Declaration.Tenant declared, LiveTenant live) {
    this.file = file;
    this.declared = declared;
    this.live = live;
    this.path = "/tenants/" + declared.id();
  }

  /**
   * Takes the difference.
   *
   * @param prune whether what a section of the file does not name goes
   * @throws InvalidFileException if the file asks for what cannot follow from what there is
   */
  static List<Change> between(
      MantleFile file, Declaration.Tenant declared, LiveTenant live, boolean prune)
      throws InvalidFileException {
    Difference difference = new Difference(file, declared, live);
    difference.tenant();
    declared.privacy().ifPresent(difference::privacy);
    declared.limits().ifPresent(difference::limits);
    declared
        .prices()
        .map(all -> PriceChanges.puts(declared, all, live.prices()))
        .ifPresent(difference.changes::addAll);
    declared
        .budget()
        .flatMap(budget -> BudgetChange.of(declared, budget, live.budget()))
        .ifPresent(difference.changes::add);
    declared.providers().ifPresent(all -> all.forEach(difference::provider));
    declared.routes().ifPresent(all -> difference.routes(all, prune));
    declared.keys().ifPresent(all -> all.forEach(difference::key));
    if (prune) {
      difference.prune();
    }
    if (!difference.flaws.isEmpty()) {
      throw new InvalidFileException(difference.flaws);
    }
    return difference.changes;
  }

  private void tenant() {
    ObjectNode body = object().put("name", declared.name());
    declared.plan().ifPresent(plan -> body.put("plan", plan));
    declared
        .corsOrigins()
        .ifPresent(origins -> origins.forEach(body.putArray("cors_origins")::add));
    if (live.tenant().isEmpty()) {
      ObjectNode created = object().put("id", declared.id());
      created.setAll(body);
      add(Kind.ADD, declared.pointer(), "tenant", List.of(), new Step.Create("/tenants", created));
      return;
    }
    JsonNode stored = live.tenant().get();
    if (stored.path("reserved").asBoolean()) {
      flaws.add(file.flaw(declared.pointer() + "/id", "this tenant is Mantle's own"));
    }
    List<String> details = differing(stored, body);
    if (!details.isEmpty()) {
      add(Kind.CHANGE, declared.pointer(), "tenant", details, new Step.Replace(path, stored, body));
    }
  }

  private void privacy(ObjectNode policy) {
    List<String> details = PolicyDetails.of(live.privacy(), policy);
    if (!details.isEmpty()) {
      add(
          Kind.CHANGE,
          declared.pointer() + "/privacy",
          "privacy",
          details,
          new Step.Replace(path + "/privacy", live.privacy(), policy));
    }
  }

  /** What the API says of single keys stays. */
  private void limits(ObjectNode limits) {
    List<String> details = new ArrayList<>();
    JsonNode stored = live.limits().path("limits");
    Set<String> kinds = new TreeSet<>();
    stored.fieldNames().forEachRemaining(kinds::add);
    limits.fieldNames().forEachRemaining(kinds::add);
    for (String kind : kinds) {
      String before = limit(stored, kind);
      String after = limit(limits, kind);
      if (!before.equals(after)) {
        details.add(kind + " " + before + " -> " + after);
      }
    }
    if (!details.isEmpty()) {
      ObjectNode body = object();
      body.set("limits", limits);
      body.set("keys", live.limits().path("keys"));
      add(
          Kind.CHANGE,
          declared.pointer() + "/limits",
          "limits",
          details,
          new Step.Replace(path + "/limits", live.limits(), body));
    }
  }

  private static String limit(JsonNode limits, String kind) {
    JsonNode limit = limits.path(kind);
    if (limit.isMissingNode()) {
      return "the plan's";
    }
    return limit.isNull() ? "none" : limit.asText();
  }

  private void provider(Declaration.Provider provider) {
    ObjectNode body =
        object()
            .put("name", provider.name())
            .put("kind", provider.kind())
            .put("base_url", provider.baseUrl());
    provider.models().forEach(body.putArray("models")::add);
    body.put("accepts_stream_usage", provider.acceptsStreamUsage());
    provider.allowPrivateAddresses().ifPresent(allow -> body.put("allow_private_addresses", allow));
    String what = "provider " + provider.name();
    Optional<JsonNode> found = LiveTenant.named(live.providers(), "name", provider.name());
    if (found.isEmpty()) {
      if (provider.credential() instanceof Credential.Given(String text)) {
        body.put("credential", text);
      }
      add(
          Kind.ADD,
          provider.pointer(),
          what,
          List.of(provider.kind() + " at " + Words.printable(provider.baseUrl())),
          new Step.Create(path + "/providers", body));
      return;
    }
    JsonNode stored = found.get();
    List<String> details = differing(stored, body);
    credential(provider, stored, body).ifPresent(details::add);
    if (!details.isEmpty()) {
      String id = stored.path("id").asText();
      add(
          Kind.CHANGE,
          provider.pointer(),
          what,
          details,
          new Step.Replace(path + "/providers/" + id, stored, body));
    }
  }

  /** Puts the credential into the body where it is to be stored; says so. */
  private Optional<String> credential(
      Declaration.Provider provider, JsonNode stored, ObjectNode body) {
    boolean has = stored.path("credential").isTextual();
    boolean moves = !isSameEndpoint(stored.path("base_url").asText(), provider.baseUrl());
    return switch (provider.credential()) {
      case Credential.Unsaid _ -> {
        if (has && moves) {
          flaws.add(
              file.flaw(
                  provider.pointer() + "/base_url",
                  "it names another host or port than the stored one, so the credential has to be"
                      + " given as well"));
        }
        yield Optional.empty();
      }
      case Credential.None _ -> {
        if (has) {
          body.putNull("credential");
        }
        yield has ? Optional.of("credential removed") : Optional.empty();
      }
      case Credential.Given(String text) -> {
        boolean same = live.sameCredentials().contains(stored.path("id").asText());
        if (!same || moves) {
          body.put("credential", text);
        }
        yield same ? Optional.empty() : Optional.of(has ? "credential replaced" : "credential set");
      }
    };
  }

  private static boolean isSameEndpoint(String one, String other) {
    try {
      return ProviderAddress.isSameEndpoint(one, other);
    } catch (InvalidTenantException e) {
      return false;
    }
  }

  private void routes(List<Declaration.Route> routes, boolean prune) {
    Map<String, String> names = new HashMap<>();
    live.providers().forEach(one -> names.put(one.path("id").asText(), one.path("name").asText()));
    Set<String> known = new HashSet<>();
    if (!(prune && declared.providers().isPresent())) {
      known.addAll(names.values());
    }
    declared.providers().ifPresent(all -> all.forEach(provider -> known.add(provider.name())));
    for (int position = 0; position < routes.size(); position++) {
      route(routes.get(position), position, names, known);
    }
  }

  private void route(
      Declaration.Route route, int position, Map<String, String> names, Set<String> known) {
    for (int i = 0; i < route.providers().size(); i++) {
      if (!known.contains(route.providers().get(i))) {
        flaws.add(
            file.flaw(
                route.pointer() + "/providers/" + i, "the tenant has no provider of this name"));
      }
    }
    ObjectNode body = object().put("model_pattern", route.modelPattern());
    route.providers().forEach(body.putArray("providers")::add);
    body.put("position", position);
    route.modelMapping().forEach(body.putObject("model_mapping")::put);
    body.set("retries", whole(route.retries()));
    body.set("first_byte_timeout_seconds", whole(route.firstByteTimeoutSeconds()));
    String what = "route " + route.modelPattern();
    Optional<JsonNode> found =
        LiveTenant.named(live.routes(), "model_pattern", route.modelPattern());
    if (found.isEmpty()) {
      List<String> details = List.of("to " + Words.list(route.providers()));
      add(Kind.ADD, route.pointer(), what, details, new Step.Create(path + "/routes", body));
      return;
    }
    JsonNode stored = found.get();
    ObjectNode shown = stored.deepCopy();
    shown.putArray("providers");
    stored
        .path("providers")
        .forEach(
            id -> shown.withArray("/providers").add(names.getOrDefault(id.asText(), id.asText())));
    ObjectNode mapping = shown.putObject("model_mapping");
    stored
        .path("model_mapping")
        .properties()
        .forEach(
            entry ->
                mapping.set(names.getOrDefault(entry.getKey(), entry.getKey()), entry.getValue()));
    List<String> details = differing(shown, body);
    if (!details.isEmpty()) {
      String id = stored.path("id").asText();
      add(
          Kind.CHANGE,
          route.pointer(),
          what,
          details,
          new Step.Replace(path + "/routes/" + id, stored, body));
    }
  }

  private static JsonNode whole(OptionalInt number) {
    return number.isPresent() ? IntNode.valueOf(number.getAsInt()) : NullNode.getInstance();
  }

  private void key(Declaration.Key key) {
    if (LiveTenant.named(live.keys(), "name", key.name()).isEmpty()) {
      add(
          Kind.ADD,
          key.pointer(),
          "key " + key.name(),
          List.of(),
          new Step.Issue(path + "/keys", key));
    }
  }

  /** Routes go before the providers they name. */
  private void prune() {
    declared
        .routes()
        .ifPresent(
            all ->
                remove(
                    "route",
                    "model_pattern",
                    live.routes(),
                    all.stream().map(Declaration.Route::modelPattern).toList()));
    declared
        .providers()
        .ifPresent(
            all ->
                remove(
                    "provider",
                    "name",
                    live.providers(),
                    all.stream().map(Declaration.Provider::name).toList()));
    declared
        .keys()
        .ifPresent(
            all ->
                remove(
                    "key", "name", live.keys(), all.stream().map(Declaration.Key::name).toList()));
    declared
        .prices()
        .map(all -> PriceChanges.removals(declared, all, live.prices()))
        .ifPresent(changes::addAll);
  }

  private void remove(String thing, String field, List<JsonNode> stored, List<String> kept) {
    for (JsonNode one : stored) {
      if (!kept.contains(one.path(field).asText())) {
        boolean isKey = thing.equals("key");
        add(
            Kind.REMOVE,
            declared.pointer() + "/" + thing + "s",
            thing + " " + one.path(field).asText(),
            isKey ? List.of(Words.printable(one.path("prefix").asText()) + "...") : List.of(),
            new Step.Delete(
                path + "/" + thing + "s/" + one.path("id").asText(),
                isKey ? Optional.empty() : Optional.of(one)));
      }
    }
  }

  /** What of the fields of a body is stored otherwise, in words. */
  private static List<String> differing(JsonNode stored, ObjectNode body) {
    List<String> details = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      JsonNode before = stored.path(field.getKey());
      if (!before.equals(field.getValue())) {
        details.add(field.getKey() + " " + shown(before) + " -> " + shown(field.getValue()));
      }
    }
    return details;
  }

  private static String shown(JsonNode value) {
    List<String> elements = new ArrayList<>();
    if (value.isObject()) {
      value
          .properties()
          .forEach(entry -> elements.add(entry.getKey() + ": " + entry.getValue().asText()));
      return "{" + Words.printable(String.join(", ", elements)) + "}";
    }
    value.forEach(element -> elements.add(element.asText()));
    return value.isArray()
        ? "[" + Words.printable(String.join(", ", elements)) + "]"
        : Words.printable(value.asText());
  }

  private void add(Kind kind, String pointer, String what, List<String> details, Step step) {
    changes.add(new Change(kind, declared.id(), pointer, what, details, step));
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
