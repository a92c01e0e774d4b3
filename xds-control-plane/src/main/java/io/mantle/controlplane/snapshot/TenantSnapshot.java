package io.mantle.controlplane.snapshot;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.mantle.controlplane.database.InvalidPolicyException;
import io.mantle.controlplane.database.TenantRead;
import io.mantle.controlplane.database.TenantRows;
import io.mantle.controlplane.database.TenantRows.ProviderRow;
import io.mantle.controlplane.database.TenantRows.ProxyKeyRow;
import io.mantle.controlplane.database.TenantRows.RouteRow;
import io.mantle.proto.policy.v1.PrivacyPolicy;
import io.mantle.proto.policy.v1.Provider;
import io.mantle.proto.policy.v1.ProxyKey;
import io.mantle.proto.policy.v1.Route;
import io.mantle.proto.policy.v1.TenantLimits;
import io.mantle.proto.policy.v1.TenantPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One tenant's part of the snapshot: for Envoy the clusters it needs and its scope, for the
 * sidecars its policy. A pure function of its rows and the gateway's settings.
 *
 * @param chains by name, in that order: where its requests may go
 * @param clusters one for each chain, by name; another tenant with the same endpoint has an equal
 *     one
 */
record TenantSnapshot(
    Map<String, Chain> chains,
    Map<String, Versioned<Resource>> clusters,
    Versioned<Resource> scope,
    Versioned<TenantPolicy> policy) {

  private static final int SURROGATE_KEY_BYTES = 32;
  private static final int PROVIDERS_MAX = 100;
  private static final int ROUTES_MAX = 1_000;
  private static final int KEYS_MAX = 10_000;
  private static final int MODELS_MAX = 10_000;
  private static final int CHAIN_MAX = 16;
  private static final Pattern TENANT_ID = Pattern.compile("[a-z0-9-]{1,63}");
  private static final Pattern MODEL_NAME = Pattern.compile("[\\x21-\\x7e]{1,256}");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x21-\\x7e]{0,8192}");

  /**
   * Builds it.
   *
   * @throws InvalidTenantException if the rows do not make a tenant that Envoy would accept
   */
  static TenantSnapshot of(TenantRows rows, SharedResources shared) throws InvalidTenantException {
    check(TENANT_ID.matcher(rows.tenantId()).matches(), "its id is not a name of [a-z0-9-]");
    check(rows.surrogateKey().length() == SURROGATE_KEY_BYTES, "its surrogate key is not 32 bytes");
    check(rows.keys().size() <= KEYS_MAX, "it has more than " + KEYS_MAX + " keys");
    check(
        rows.providers().size() <= PROVIDERS_MAX,
        "it has more than " + PROVIDERS_MAX + " providers");
    check(rows.routes().size() <= ROUTES_MAX, "it has more than " + ROUTES_MAX + " routes");

    Map<String, ProviderEndpoint> endpoints = new LinkedHashMap<>();
    Map<String, String> kinds = new HashMap<>();
    TenantPolicy.Builder policy =
        TenantPolicy.newBuilder()
            .setTenantId(rows.tenantId())
            .setSurrogateKey(ByteString.copyFrom(rows.surrogateKey().reveal()))
            .setPrivacy(privacy(rows, shared))
            .setLimits(LimitMessages.of(rows.limits(), rows.spent()));
    rows.keys().forEach(key -> policy.addKeys(key(key)));
    for (ProviderRow provider : rows.providers()) {
      try {
        ProviderEndpoint parsed = ProviderEndpoint.parse(provider.baseUrl());
        ProviderEndpoint endpoint = provider.privateAllowed() ? parsed.allowingPrivate() : parsed;
        endpoints.put(provider.id().toString(), endpoint);
        kinds.put(provider.id().toString(), provider.kind());
        policy.addProviders(provider(provider, endpoint));
      } catch (InvalidTenantException e) {
        throw new InvalidTenantException(
            "provider " + provider.id() + ": " + e.getMessage(), e.field().orElse(null));
      }
    }
    Map<String, Chain> chains = new TreeMap<>();
    endpoints.values().forEach(endpoint -> add(new Chain(List.of(endpoint)), chains));
    for (RouteRow route : rows.routes()) {
      policy.addRoutes(route(route, endpoints.keySet()));
      // A request goes to the providers of its own dialect alone.
      for (String kind : Set.copyOf(kinds.values())) {
        List<ProviderEndpoint> ofKind = new ArrayList<>();
        for (UUID id : route.providerIds()) {
          if (kind.equals(kinds.get(id.toString()))) {
            ofKind.add(endpoints.get(id.toString()));
          }
        }
        if (!ofKind.isEmpty()) {
          add(new Chain(ofKind), chains);
        }
      }
    }
    return of(chains, Versioned.policy(policy.build()), shared);
  }

  static TenantSnapshot of(
      Map<String, Chain> chains, Versioned<TenantPolicy> policy, SharedResources shared) {
    return new TenantSnapshot(
        Collections.unmodifiableMap(chains),
        Map.copyOf(clusters(chains, shared)),
        Versioned.resource(
            policy.name(), TenantScope.build(policy.name(), chains, shared.settings())),
        policy);
  }

  /** The same with ways to more chains, for requests that were admitted for them. */
  TenantSnapshot alsoWith(Map<String, Chain> more, SharedResources shared) {
    Map<String, Chain> all = new TreeMap<>(chains);
    all.putAll(more);
    return all.size() == chains.size() ? this : of(all, policy, shared);
  }

  /** The same with another policy, less the keys that this one does not have. */
  TenantSnapshot withPolicyOf(Versioned<TenantPolicy> other) {
    Set<String> live =
        policy.message().getKeysList().stream().map(ProxyKey::getId).collect(Collectors.toSet());
    return new TenantSnapshot(chains, clusters, scope, retaining(other, live));
  }

  private static void add(Chain chain, Map<String, Chain> chains) {
    chains.putIfAbsent(chain.name(), chain);
  }

  private static Map<String, Versioned<Resource>> clusters(
      Map<String, Chain> chains, SharedResources shared) {
    Map<String, Versioned<Resource>> clusters = new HashMap<>();
    chains.forEach((name, chain) -> clusters.put(name, shared.cluster(name, chain)));
    return clusters;
  }

  private static PrivacyPolicy privacy(TenantRows rows, SharedResources shared)
      throws InvalidTenantException {
    try {
      return shared.privacy(rows.privacy());
    } catch (InvalidPolicyException e) {
      throw new InvalidTenantException("its privacy policy: " + e.getMessage());
    }
  }

  private static ProxyKey key(ProxyKeyRow key) {
    return ProxyKey.newBuilder()
        .setId(key.id().toString())
        .setSha256(ByteString.copyFrom(HexFormat.of().parseHex(key.sha256())))
        .build();
  }

  private static Provider provider(ProviderRow row, ProviderEndpoint endpoint)
      throws InvalidTenantException {
    String credential = new String(row.credential().reveal(), StandardCharsets.UTF_8);
    check(
        HEADER_VALUE.matcher(credential).matches(),
        "its credential does not fit into a header",
        "credential");
    check(
        row.models().size() <= MODELS_MAX, "it has more than " + MODELS_MAX + " models", "models");
    for (String model : row.models()) {
      check(MODEL_NAME.matcher(model).matches(), "one of its models has no valid name", "models");
    }
    return Provider.newBuilder()
        .setId(row.id().toString())
        .setName(row.name())
        .setKind(kind(row.kind()))
        .setBasePath(endpoint.basePath())
        .setAuthority(endpoint.authority())
        .setEndpoint(endpoint.clusterName())
        .setCredential(credential)
        .addAllModels(row.models())
        .setAcceptsStreamUsage(row.acceptsStreamUsage())
        .build();
  }

  private static Provider.Kind kind(String name) throws InvalidTenantException {
    return switch (name) {
      case "openai" -> Provider.Kind.OPENAI;
      case "anthropic" -> Provider.Kind.ANTHROPIC;
      default -> throw new InvalidTenantException("its kind is not known", "kind");
    };
  }

  private static Route route(RouteRow row, Set<String> providerIds) throws InvalidTenantException {
    check(
        MODEL_NAME.matcher(row.modelPattern()).matches(),
        "route " + row.id() + ": its model pattern is not valid",
        "model_pattern");
    check(
        !row.providerIds().isEmpty(), "route " + row.id() + ": it names no provider", "providers");
    List<String> chain = row.providerIds().stream().map(UUID::toString).toList();
    for (String providerId : chain) {
      check(
          providerIds.contains(providerId),
          "route " + row.id() + ": there is no provider " + providerId,
          "providers");
    }
    check(
        chain.size() <= CHAIN_MAX,
        "route " + row.id() + ": it names more than " + CHAIN_MAX + " providers",
        "providers");
    Route.Builder route =
        Route.newBuilder().setModelPattern(row.modelPattern()).addAllProviderIds(chain);
    for (Map.Entry<String, String> mapped : row.modelMapping().entrySet()) {
      check(
          chain.contains(mapped.getKey()) && MODEL_NAME.matcher(mapped.getValue()).matches(),
          "route " + row.id() + ": its model mapping is not one of its providers to a model name",
          "model_mapping");
      route.putModels(mapped.getKey(), mapped.getValue());
    }
    row.retries().ifPresent(route::setRetries);
    row.firstByteTimeoutSeconds()
        .ifPresent(seconds -> route.setFirstByteTimeoutMillis(seconds * 1_000));
    return route.build();
  }

  private static void check(boolean holds, String otherwise) throws InvalidTenantException {
    check(holds, otherwise, null);
  }

  private static void check(boolean holds, String otherwise, @Nullable String field)
      throws InvalidTenantException {
    if (!holds) {
      throw new InvalidTenantException(otherwise, field);
    }
  }

  /**
   * The same without the keys that are not among these: a revoked key is out at once, also where
   * the rest of the tenant's rows cannot be used and it stays as it was.
   */
  TenantSnapshot retainingKeys(List<ProxyKeyRow> live) {
    Set<String> liveIds = live.stream().map(key -> key.id().toString()).collect(Collectors.toSet());
    Versioned<TenantPolicy> retained = retaining(policy, liveIds);
    return retained.equals(policy) ? this : new TenantSnapshot(chains, clusters, scope, retained);
  }

  /**
   * The same less what is known to have been taken from the tenant since, where its rows cannot be
   * used: revoked keys, and where the rows could be read, limits and spent budgets.
   */
  TenantSnapshot tightenedBy(TenantRead read) {
    TenantSnapshot retained = retainingKeys(read.keys());
    return switch (read) {
      case TenantRead.Unreadable _ -> retained;
      case TenantRows rows -> retained.withLimits(LimitMessages.of(rows.limits(), rows.spent()));
    };
  }

  private TenantSnapshot withLimits(TenantLimits limits) {
    TenantPolicy before = policy.message();
    return limits.equals(before.getLimits())
        ? this
        : new TenantSnapshot(
            chains,
            clusters,
            scope,
            Versioned.policy(before.toBuilder().clearVersion().setLimits(limits).build()));
  }

  /**
   * What sidecars are told of a tenant whose rows cannot be used, where nothing is known of what it
   * had: to keep what they hold, less what is known to have been taken from it.
   */
  static Versioned<TenantPolicy> keepingHeld(TenantRead read) {
    TenantPolicy.Builder keeps =
        TenantPolicy.newBuilder().setTenantId(read.tenantId()).setKeepsHeld(true);
    read.keys().forEach(key -> keeps.addKeys(key(key)));
    switch (read) {
      case TenantRead.Unreadable _ -> {}
      case TenantRows rows -> keeps.setLimits(LimitMessages.of(rows.limits(), rows.spent()));
    }
    return Versioned.policy(keeps.build());
  }

  private static Versioned<TenantPolicy> retaining(
      Versioned<TenantPolicy> policy, Set<String> liveIds) {
    TenantPolicy before = policy.message();
    List<ProxyKey> kept =
        before.getKeysList().stream().filter(key -> liveIds.contains(key.getId())).toList();
    return kept.size() == before.getKeysCount()
        ? policy
        : Versioned.policy(before.toBuilder().clearVersion().clearKeys().addAllKeys(kept).build());
  }
}
