package io.mantle.controlplane.admin;

import io.mantle.controlplane.database.Secret;
import io.mantle.controlplane.database.TenantRepository;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Tenants that are there from the start: {@code demo}, for the first curl, and {@code
 * mantle-canary}, by which readiness is probed without touching a real provider.
 */
public final class DemoTenant {
  private static final String CANARY_ID = "mantle-canary";

  /** Without limits: what is tried and measured on one machine is nobody else's load. */
  private static final String PLAN = "enterprise";

  private static final String OPENAI = "openai";

  private final TenantRepository tenants;

  public DemoTenant(TenantRepository tenants) {
    this.tenants = tenants;
  }

  /**
   * One such tenant, whole.
   *
   * @param key its proxy key
   * @param upstreams its providers, each of another kind
   */
  public record Seed(
      String tenantId, String name, boolean reserved, String key, List<Upstream> upstreams) {

    public Seed {
      upstreams = List.copyOf(upstreams);
    }

    /** Not the components: one of them is a key. */
    @Override
    public String toString() {
      return "Seed[" + tenantId + "]";
    }
  }

  /**
   * A provider.
   *
   * @param kind {@code openai} or {@code anthropic}
   * @param key empty where it is called without a credential
   */
  public record Upstream(String kind, String url, Optional<String> key, List<String> models) {

    public Upstream {
      models = List.copyOf(models);
    }

    /** Not the components: one of them is a key. */
    @Override
    public String toString() {
      return "Upstream[" + kind + "]";
    }
  }

  public static Seed demo(String key, List<Upstream> upstreams) {
    return new Seed("demo", "Demo", false, key, upstreams);
  }

  public static Seed canary(String key, String upstreamUrl) {
    return new Seed(
        CANARY_ID,
        "Mantle's own canary",
        true,
        key,
        List.of(new Upstream(OPENAI, upstreamUrl, Optional.empty(), List.of())));
  }

  /** Makes the tenant what the seed says; doing so again changes nothing. */
  public void plant(Seed seed) {
    tenants.saveTenant(seed.tenantId(), seed.name(), PLAN, seed.reserved());
    tenants.saveKey(seed.tenantId(), "seeded", seed.key());
    List<UUID> providers = new ArrayList<>();
    for (Upstream upstream : seed.upstreams()) {
      String name =
          upstream.kind().equals(OPENAI)
              ? seed.tenantId()
              : seed.tenantId() + "-" + upstream.kind();
      providers.add(
          tenants.saveProvider(
              seed.tenantId(),
              name,
              upstream.kind(),
              upstream.url(),
              upstream.key().map(Secret::of),
              upstream.models()));
    }
    tenants.saveRoute(seed.tenantId(), 0, "*", providers);
  }
}
