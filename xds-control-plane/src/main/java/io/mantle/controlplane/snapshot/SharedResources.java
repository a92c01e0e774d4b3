package io.mantle.controlplane.snapshot;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.mantle.controlplane.database.InvalidPolicyException;
import io.mantle.controlplane.database.PrivacyRow;
import io.mantle.proto.policy.v1.PrivacyPolicy;

/**
 * What many tenants have alike, built once for all of them: the clusters of their chains, and
 * privacy policies without rules of a tenant's own. Both are pure functions of what they are asked
 * by. Nothing is kept longer than some tenant's part holds it. Thread-safe.
 */
final class SharedResources {
  private final GatewaySettings settings;
  private final Cache<String, Versioned<Resource>> clusters =
      Caffeine.newBuilder().weakValues().build();
  private final Cache<PrivacyRow, PrivacyPolicy> policies =
      Caffeine.newBuilder().weakValues().build();

  SharedResources(GatewaySettings settings) {
    this.settings = settings;
  }

  GatewaySettings settings() {
    return settings;
  }

  /**
   * A chain's cluster.
   *
   * @param name the chain's own
   */
  Versioned<Resource> cluster(String name, Chain chain) {
    return clusters.get(
        name, _ -> Versioned.resource(name, ProviderClusters.build(chain, settings)));
  }

  /**
   * What is pushed of a stored policy.
   *
   * @throws InvalidPolicyException naming the first field that cannot be used
   */
  PrivacyPolicy privacy(PrivacyRow row) throws InvalidPolicyException {
    if (row.detection().hasRules()) {
      return PrivacyPolicies.of(row, settings.deepTier()); // as good as never another's too
    }
    PrivacyPolicy known = policies.getIfPresent(row);
    if (known != null) {
      return known;
    }
    PrivacyPolicy built = PrivacyPolicies.of(row, settings.deepTier());
    policies.put(row, built);
    return built;
  }
}
