package io.mantle.extproc.tenant;

import io.mantle.privacy.detect.DetectionPolicy;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.value.PrivacyPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one tenant may do. Immutable.
 *
 * @param surrogateKey 32 bytes; not copied, so not to be changed
 * @param routes first match wins
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TenantPolicy(
    String tenantId,
    String version,
    byte[] surrogateKey,
    List<ProxyKey> keys,
    List<Provider> providers,
    List<Route> routes,
    Privacy privacy) {

  /** The provider that serves {@code model}, or null where none does. */
  public @Nullable Provider providerFor(String model) {
    for (Route route : routes) {
      if (route.models().matches(model)) {
        return route.providers().getFirst();
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
   */
  public record Privacy(
      PrivacyPolicy actions,
      DetectionPolicy detection,
      Examination examination,
      boolean detectOnly) {

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
   * @param basePath where its API stands, without a trailing slash
   * @param credential sent as a bearer token; empty for none
   */
  public record Provider(
      String id,
      String name,
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
   */
  public record Route(ModelPattern models, List<Provider> providers) {}
}
