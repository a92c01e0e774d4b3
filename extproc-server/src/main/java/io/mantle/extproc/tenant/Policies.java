package io.mantle.extproc.tenant;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The policies of all tenants at one moment. Immutable; {@link #with} makes the next one. */
public final class Policies {
  /** Nobody may do anything. */
  public static final Policies NONE = new Policies(Map.of(), Map.of());

  private final Map<String, TenantPolicy> tenants;
  private final Map<KeyHash, Access> keys;

  private Policies(Map<String, TenantPolicy> tenants, Map<KeyHash, Access> keys) {
    this.tenants = tenants;
    this.keys = keys;
  }

  /** What a key opens: a tenant's policy, and which of its keys it is. */
  public record Access(TenantPolicy tenant, String keyId) {}

  /** What the key opens, or null where nobody knows it. */
  public @Nullable Access access(KeyHash key) {
    return keys.get(key);
  }

  /** A tenant's policy, or null where there is no such tenant. */
  @Nullable TenantPolicy tenant(String tenantId) {
    return tenants.get(tenantId);
  }

  /** Tenant id to the version held. */
  public Map<String, String> versions() {
    Map<String, String> versions = new HashMap<>();
    tenants.forEach((id, tenant) -> versions.put(id, tenant.version()));
    return versions;
  }

  public int size() {
    return tenants.size();
  }

  /**
   * These policies with some replaced or added and some removed. A key that two tenants claim opens
   * neither: which of them it belongs to is in doubt.
   */
  public Policies with(Collection<TenantPolicy> changed, Collection<String> removed) {
    Map<String, TenantPolicy> next = new HashMap<>(tenants);
    removed.forEach(next::remove);
    changed.forEach(tenant -> next.put(tenant.tenantId(), tenant));
    Map<KeyHash, Access> nextKeys = new HashMap<>(keys.size() * 2);
    Set<KeyHash> disputed = new HashSet<>();
    for (TenantPolicy tenant : next.values()) {
      for (TenantPolicy.ProxyKey key : tenant.keys()) {
        if (nextKeys.put(key.sha256(), new Access(tenant, key.id())) != null) {
          disputed.add(key.sha256());
        }
      }
    }
    nextKeys.keySet().removeAll(disputed);
    return new Policies(next, nextKeys);
  }
}
