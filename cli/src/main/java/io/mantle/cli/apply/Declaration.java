package io.mantle.cli.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a file says. Each part knows where in the file it stands, as a JSON pointer; a section that
 * the file leaves out is empty, unlike one that has no entries.
 *
 * @param tenants no two of one id
 */
record Declaration(List<Tenant> tenants) {
  Declaration {
    tenants = List.copyOf(tenants);
  }

  /**
   * A tenant.
   *
   * @param privacy with all its fields, as the admin API shows it
   * @param limits what differs from the plan, by the API's names; null for no limit
   * @param budget by the API's names; JSON's null for none
   */
  record Tenant(
      String pointer,
      String id,
      String name,
      Optional<String> plan,
      Optional<List<String>> corsOrigins,
      Optional<ObjectNode> privacy,
      Optional<ObjectNode> limits,
      Optional<JsonNode> budget,
      Optional<List<Provider>> providers,
      Optional<List<Route>> routes,
      Optional<List<Key>> keys,
      Optional<List<Price>> prices) {

    /** Not the components: they hold credentials and phrases. */
    @Override
    public String toString() {
      return "Tenant[" + id + "]";
    }
  }

  /** A provider. */
  record Provider(
      String pointer,
      String name,
      String kind,
      String baseUrl,
      List<String> models,
      boolean acceptsStreamUsage,
      Optional<Boolean> allowPrivateAddresses,
      Credential credential) {
    Provider {
      models = List.copyOf(models);
    }
  }

  /** What the file says of a provider's credential. */
  sealed interface Credential {
    /** Nothing: what is stored stays. */
    record Unsaid() implements Credential {}

    /** The provider is called without one. */
    record None() implements Credential {}

    /** This one. */
    record Given(String text) implements Credential {
      @Override
      public String toString() {
        return "Given[]";
      }
    }
  }

  /**
   * A route.
   *
   * @param providers by name, in order of preference
   * @param modelMapping the name of a provider to what it calls the model
   * @param retries empty: one at each further provider
   * @param firstByteTimeoutSeconds empty: the gateway's own
   */
  record Route(
      String pointer,
      String modelPattern,
      List<String> providers,
      Map<String, String> modelMapping,
      OptionalInt retries,
      OptionalInt firstByteTimeoutSeconds) {
    Route {
      providers = List.copyOf(providers);
      modelMapping = Map.copyOf(modelMapping);
    }
  }

  /**
   * A proxy key.
   *
   * @param secretFile where its secret is to go, relative to the file
   */
  record Key(String pointer, String name, Optional<String> secretFile) {}

  /**
   * What the tenant pays for a model from a day on.
   *
   * @param name what no two of a tenant have: the provider's kind, the pattern and the day
   * @param body as the admin API shows it, but for its id
   */
  record Price(String pointer, String name, ObjectNode body) {}
}
