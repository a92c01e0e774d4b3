package io.mantle.extproc.tenant;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The policies of all tenants at one moment. Immutable; {@link #with} makes the next one, which
 * shares all that did not change.
 */
public final class Policies {
  /** Nobody may do anything. */
  public static final Policies NONE =
      new Policies(HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());

  /** No content has it: who is told of it sends all of the tenant again. */
  private static final String OUTDATED_VERSION = "outdated";

  private final PMap<String, TenantPolicy> tenants;

  /** What claims each key: one tenant, or several where something is amiss. */
  private final PMap<KeyHash, List<Access>> keys;

  /** Tenants the current policy of which is another, to when what is held was last current. */
  private final PMap<String, Instant> outdated;

  private Policies(
      PMap<String, TenantPolicy> tenants,
      PMap<KeyHash, List<Access>> keys,
      PMap<String, Instant> outdated) {
    this.tenants = tenants;
    this.keys = keys;
    this.outdated = outdated;
  }

  /** What a key opens: a tenant's policy, and which of its keys it is. */
  public record Access(TenantPolicy tenant, String keyId) {}

  /** What the key opens, or null where nobody knows it. */
  public @Nullable Access access(KeyHash key) {
    List<Access> claims = keys.get(key);
    return claims != null && claims.size() == 1 ? claims.getFirst() : null;
  }

  /** A tenant's policy, or null where there is no such tenant. */
  @Nullable TenantPolicy tenant(String tenantId) {
    return tenants.get(tenantId);
  }

  /** When a tenant's policy was last current; null where it is. */
  @Nullable Instant currentUntil(String tenantId) {
    return outdated.get(tenantId);
  }

  /** How many tenants have a policy that is not the current one any more. */
  public int outdatedCount() {
    return outdated.size();
  }

  /** Tenant id to the version held. */
  public Map<String, String> versions() {
    Map<String, String> versions = new HashMap<>();
    tenants.forEach((id, tenant) -> versions.put(id, tenant.version()));
    outdated.keySet().forEach(id -> versions.put(id, OUTDATED_VERSION));
    return versions;
  }

  public int size() {
    return tenants.size();
  }

  /**
   * These policies with some replaced or added and some removed, at the cost of those. A key that
   * two tenants claim opens neither: which of them it belongs to is in doubt.
   */
  public Policies with(Collection<TenantPolicy> changed, Collection<String> removed) {
    PMap<String, TenantPolicy> next = tenants;
    PMap<KeyHash, List<Access>> nextKeys = keys;
    PMap<String, Instant> nextOutdated = outdated.minusAll(removed);
    for (String tenantId : removed) {
      nextKeys = without(nextKeys, next.get(tenantId));
      next = next.minus(tenantId);
    }
    for (TenantPolicy tenant : changed) {
      nextKeys = including(without(nextKeys, next.get(tenant.tenantId())), tenant);
      next = next.plus(tenant.tenantId(), tenant);
      nextOutdated = nextOutdated.minus(tenant.tenantId());
    }
    return new Policies(next, nextKeys, nextOutdated);
  }

  /**
   * These policies with one replaced by what a {@link Tightening} left of it.
   *
   * @param currentUntil when the one held was last known to be current, null where it is. An
   *     earlier such time holds on
   */
  public Policies tightened(TenantPolicy tenant, @Nullable Instant currentUntil) {
    Instant until = outdated.getOrDefault(tenant.tenantId(), currentUntil);
    Policies next = with(List.of(tenant), List.of());
    return until == null
        ? next
        : new Policies(next.tenants, next.keys, next.outdated.plus(tenant.tenantId(), until));
  }

  private static PMap<KeyHash, List<Access>> including(
      PMap<KeyHash, List<Access>> keys, TenantPolicy tenant) {
    PMap<KeyHash, List<Access>> next = keys;
    for (TenantPolicy.ProxyKey key : tenant.keys()) {
      Access access = new Access(tenant, key.id());
      List<Access> others = next.get(key.sha256());
      next =
          next.plus(
              key.sha256(),
              others == null
                  ? List.of(access)
                  : Stream.concat(others.stream(), Stream.of(access)).toList());
    }
    return next;
  }

  private static PMap<KeyHash, List<Access>> without(
      PMap<KeyHash, List<Access>> keys, @Nullable TenantPolicy tenant) {
    PMap<KeyHash, List<Access>> next = keys;
    if (tenant != null) {
      for (TenantPolicy.ProxyKey key : tenant.keys()) {
        List<Access> claims = next.get(key.sha256());
        if (claims != null) {
          List<Access> others =
              claims.stream()
                  .filter(claim -> !claim.tenant().tenantId().equals(tenant.tenantId()))
                  .toList();
          next = others.isEmpty() ? next.minus(key.sha256()) : next.plus(key.sha256(), others);
        }
      }
    }
    return next;
  }
}
