package io.mantle.controlplane.admin;

import io.mantle.controlplane.database.Secret;
import io.mantle.controlplane.database.TenantRepository;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Tenants that are there from the start: {@code demo}, for the first curl, and {@code
 * mantle-canary}, by which readiness is probed without touching a real provider.
 */
public final class DemoTenant {
  private static final String CANARY_ID = "mantle-canary";

  private final TenantRepository tenants;

  public DemoTenant(TenantRepository tenants) {
    this.tenants = tenants;
  }

  /**
   * One such tenant, whole.
   *
   * @param key its proxy key
   * @param upstreamKey empty where the provider is called without a credential
   */
  public record Seed(
      String tenantId,
      String name,
      boolean reserved,
      String key,
      String upstreamUrl,
      Optional<String> upstreamKey,
      List<String> models) {

    /** Not the components: two of them are keys. */
    @Override
    public String toString() {
      return "Seed[" + tenantId + "]";
    }
  }

  public static Seed demo(
      String key, String upstreamUrl, Optional<String> upstreamKey, List<String> models) {
    return new Seed("demo", "Demo", false, key, upstreamUrl, upstreamKey, models);
  }

  public static Seed canary(String key, String upstreamUrl) {
    return new Seed(
        CANARY_ID, "Mantle's own canary", true, key, upstreamUrl, Optional.empty(), List.of());
  }

  /** Makes the tenant what the seed says; doing so again changes nothing. */
  public void plant(Seed seed) {
    tenants.saveTenant(seed.tenantId(), seed.name(), "free", seed.reserved());
    tenants.saveKey(seed.tenantId(), "seeded", seed.key());
    UUID provider =
        tenants.saveProvider(
            seed.tenantId(),
            seed.tenantId(),
            "openai",
            seed.upstreamUrl(),
            seed.upstreamKey().map(Secret::of),
            seed.models());
    tenants.saveRoute(seed.tenantId(), 0, "*", List.of(provider));
  }
}
