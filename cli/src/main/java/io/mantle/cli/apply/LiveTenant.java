package io.mantle.cli.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.cli.apply.Declaration.Credential;
import io.mantle.controlplane.database.PrivacyRow;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the control plane has of a tenant, as its API shows it, as far as the file speaks of it.
 *
 * @param tenant empty where there is none yet
 * @param budget empty where there is none
 * @param sameCredentials the ids of providers whose credential is the one that the file gives
 */
record LiveTenant(
    Optional<JsonNode> tenant,
    JsonNode privacy,
    JsonNode limits,
    Optional<JsonNode> budget,
    List<JsonNode> providers,
    List<JsonNode> routes,
    List<JsonNode> keys,
    List<JsonNode> prices,
    Set<String> sameCredentials) {

  static LiveTenant read(AdminApi api, Declaration.Tenant declared)
      throws IOException, RefusedException, InterruptedException {
    String path = "/tenants/" + declared.id();
    Optional<JsonNode> tenant = api.find(path).map(AdminApi.Fetched::body);
    if (tenant.isEmpty()) {
      return absent();
    }
    boolean needsProviders = declared.providers().isPresent() || declared.routes().isPresent();
    List<JsonNode> providers = needsProviders ? api.list(path + "/providers") : List.of();
    return new LiveTenant(
        tenant,
        declared.privacy().isPresent() ? found(api, path + "/privacy") : object(),
        declared.limits().isPresent() ? found(api, path + "/limits") : object(),
        declared.budget().isPresent()
            ? api.find(path + "/budget").map(AdminApi.Fetched::body).filter(LiveTenant::isStored)
            : Optional.empty(),
        providers,
        declared.routes().isPresent() ? api.list(path + "/routes") : List.of(),
        declared.keys().isPresent()
            ? api.list(path + "/keys").stream()
                .filter(key -> !key.path("revoked_at").isTextual())
                .toList()
            : List.of(),
        declared.prices().isPresent() ? api.list(path + "/prices") : List.of(),
        sameCredentials(api, path, declared, providers));
  }

  private static JsonNode found(AdminApi api, String path)
      throws IOException, RefusedException, InterruptedException {
    return api.find(path).map(AdminApi.Fetched::body).orElseGet(LiveTenant::object);
  }

  /** A budget that the limits have is shown as well; it is not what the file speaks of. */
  private static boolean isStored(JsonNode budget) {
    return budget.path("from").asText().equals("budget");
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static ObjectNode noLimits() {
    ObjectNode none = object();
    none.putObject("limits");
    none.putObject("keys");
    return none;
  }

  static LiveTenant absent() {
    return new LiveTenant(
        Optional.empty(),
        DeclarationReader.json(PrivacyRow.DEFAULT),
        noLimits(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Set.of());
  }

  /** Credentials are never shown, so the control plane is asked whether it has the same. */
  private static Set<String> sameCredentials(
      AdminApi api, String path, Declaration.Tenant declared, List<JsonNode> providers)
      throws IOException, RefusedException, InterruptedException {
    Set<String> same = new HashSet<>();
    for (Declaration.Provider provider : declared.providers().orElse(List.of())) {
      Optional<JsonNode> stored = named(providers, "name", provider.name());
      if (provider.credential() instanceof Credential.Given(String text)
          && stored.filter(found -> found.path("credential").isTextual()).isPresent()) {
        String id = stored.get().path("id").asText();
        JsonNode answer =
            api.post(
                path + "/providers/" + id + "/compare-credential",
                JsonNodeFactory.instance.objectNode().put("credential", text));
        if (answer.path("matches").asBoolean()) {
          same.add(id);
        }
      }
    }
    return same;
  }

  static Optional<JsonNode> named(List<JsonNode> all, String field, String name) {
    return all.stream().filter(one -> one.path(field).asText().equals(name)).findFirst();
  }
}
