package io.mantle.extproc.tenant;

import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.PrivacyPolicy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads pushed policies into values. What is not understood is an error: half a policy is no
 * policy.
 */
final class PolicyMessages {

  private PolicyMessages() {}

  /**
   * One tenant's policy.
   *
   * @throws IllegalArgumentException if it holds what this version does not know, or does not hold
   *     together
   */
  static TenantPolicy read(io.mantle.proto.policy.v1.TenantPolicy message) {
    Map<String, TenantPolicy.Provider> providers = new HashMap<>();
    for (io.mantle.proto.policy.v1.Provider provider : message.getProvidersList()) {
      providers.put(provider.getId(), read(provider));
    }
    List<TenantPolicy.Route> routes = new ArrayList<>();
    for (io.mantle.proto.policy.v1.Route route : message.getRoutesList()) {
      routes.add(read(route, providers));
    }
    List<TenantPolicy.ProxyKey> keys = new ArrayList<>();
    for (io.mantle.proto.policy.v1.ProxyKey key : message.getKeysList()) {
      keys.add(
          new TenantPolicy.ProxyKey(key.getId(), KeyHash.ofDigest(key.getSha256().toByteArray())));
    }
    if (message.getSurrogateKey().size() != 32) {
      throw new IllegalArgumentException("the surrogate key has not 32 bytes");
    }
    return new TenantPolicy(
        message.getTenantId(),
        message.getVersion(),
        message.getSurrogateKey().toByteArray(),
        List.copyOf(keys),
        message.getProvidersList().stream().map(p -> read(p)).toList(),
        List.copyOf(routes),
        read(message.getPrivacy()));
  }

  private static TenantPolicy.Provider read(io.mantle.proto.policy.v1.Provider provider) {
    return switch (provider.getKind()) {
      case OPENAI ->
          new TenantPolicy.Provider(
              provider.getId(),
              provider.getName(),
              provider.getBasePath(),
              provider.getCredential(),
              List.copyOf(provider.getModelsList()),
              provider.getAcceptsStreamUsage());
      case KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "provider " + provider.getId() + " is of an unknown kind");
    };
  }

  private static TenantPolicy.Route read(
      io.mantle.proto.policy.v1.Route route, Map<String, TenantPolicy.Provider> providers) {
    List<TenantPolicy.Provider> chain = new ArrayList<>();
    for (String id : route.getProviderIdsList()) {
      TenantPolicy.Provider provider = providers.get(id);
      if (provider == null) {
        throw new IllegalArgumentException("a route names an unknown provider " + id);
      }
      chain.add(provider);
    }
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a route names no provider");
    }
    return new TenantPolicy.Route(new ModelPattern(route.getModelPattern()), chain);
  }

  private static PrivacyPolicy read(io.mantle.proto.policy.v1.PrivacyPolicy privacy) {
    Map<EntityType, Action> actions = new EnumMap<>(EntityType.class);
    privacy
        .getActionsMap()
        .forEach((type, action) -> actions.put(EntityType.valueOf(type), read(action)));
    return new PrivacyPolicy(actions);
  }

  private static Action read(io.mantle.proto.policy.v1.PrivacyPolicy.Action action) {
    return switch (action) {
      case ALLOW -> Action.ALLOW;
      case SUBSTITUTE -> Action.SUBSTITUTE;
      case BLOCK -> Action.BLOCK;
      case ACTION_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("an unknown action");
    };
  }
}
