package io.mantle.extproc.tenant;

import io.mantle.extproc.value.ProviderKind;
import io.mantle.privacy.detect.DetectionPolicy;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.value.PrivacyPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one tenant may do. Immutable.
 *
 * @param surrogateKey 32 bytes; not copied, so not to be changed
 * @param routes first match wins
 * @param limits how much it may ask for
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TenantPolicy(
    String tenantId,
    String version,
    byte[] surrogateKey,
    List<ProxyKey> keys,
    List<Provider> providers,
    List<Route> routes,
    Privacy privacy,
    TenantLimits limits) {

  /** A tenant without limits. */
  public TenantPolicy(
      String tenantId,
      String version,
      byte[] surrogateKey,
      List<ProxyKey> keys,
      List<Provider> providers,
      List<Route> routes,
      Privacy privacy) {
    this(tenantId, version, surrogateKey, keys, providers, routes, privacy, TenantLimits.NONE);
  }

  /**
   * The route by which {@code model} is served, with its providers of that kind alone, or null
   * where there is none: the first that has one.
   */
  public @Nullable Route routeFor(String model, ProviderKind kind) {
    for (Route route : routes) {
      if (route.models().matches(model)) {
        List<Provider> ofKind =
            route.providers().stream().filter(provider -> provider.kind() == kind).toList();
        if (!ofKind.isEmpty()) {
          return route.with(ofKind);
        }
      }
    }
    return null;
  }

  /** The first provider of that kind that a route leads to, or null where there is none. */
  public @Nullable Provider firstProvider(ProviderKind kind) {
    for (Route route : routes) {
      for (Provider provider : route.providers()) {
        if (provider.kind() == kind) {
          return provider;
        }
      }
    }
    return null;
  }

  /** Prints no key. */
  @Override
  public String toString() {
    return "TenantPolicy[" + tenantId + ", " + version + "]";
  }

  /**
   * What happens to the tenant's texts.
   *
   * @param actions what the policy does with what is found, by type
   * @param detection how the policy wants it looked for
   * @param examination made of the two, once
   * @param detectOnly whether what is found is only counted, and leaves as it is
   * @param refusesMedia whether a request with what nobody can inspect is refused; else it is
   *     counted
   * @param preservationPrompt put before each system prompt; empty for nothing
   * @param answers what is restored
   * @param traceContent whether the tenant wants traces to hold what the provider saw
   * @param recordExchanges whether the tenant wants what a provider is sent to be kept
   */
  public record Privacy(
      PrivacyPolicy actions,
      DetectionPolicy detection,
      Examination examination,
      boolean detectOnly,
      boolean refusesMedia,
      String preservationPrompt,
      AnswerPolicy answers,
      boolean traceContent,
      boolean recordExchanges) {

    /** Prints no rule: they hold words of the tenant's. */
    @Override
    public String toString() {
      return detectOnly ? "Privacy[detect only]" : "Privacy[enforced]";
    }
  }

  /**
   * A key that clients send.
   *
   * @param sha256 of the whole key
   */
  public record ProxyKey(String id, KeyHash sha256) {}

  /**
   * Whom requests are sent to.
   *
   * @param kind how it speaks
   * @param endpoint what Envoy knows it by: scheme, host and port
   * @param basePath where its API stands, without a trailing slash
   * @param credential sent as its kind wants it; empty for none
   */
  public record Provider(
      String id,
      String name,
      ProviderKind kind,
      String endpoint,
      String basePath,
      String credential,
      List<String> models,
      boolean acceptsStreamUsage) {

    /** Prints no credential. */
    @Override
    public String toString() {
      return "Provider[" + id + "]";
    }
  }

  /**
   * Which models go where.
   *
   * @param providers in order of preference, at least one
   * @param mapped by a provider's id, what it calls the model, where that is not what the client
   *     calls it
   * @param retries how many further attempts there are, or null for one at each further provider
   * @param firstByte how long one attempt may take to begin its answer, or null for what holds for
   *     all
   */
  public record Route(
      ModelPattern models,
      List<Provider> providers,
      Map<String, String> mapped,
      @Nullable Integer retries,
      @Nullable Duration firstByte) {

    /** One that leaves the model and all else as it is. */
    public Route(ModelPattern models, List<Provider> providers) {
      this(models, providers, Map.of(), null, null);
    }

    private Route with(List<Provider> some) {
      return new Route(models, some, mapped, retries, firstByte);
    }
  }
}
