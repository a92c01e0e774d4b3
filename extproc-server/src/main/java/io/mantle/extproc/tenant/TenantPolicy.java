package io.mantle.extproc.tenant;

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
    PrivacyPolicy privacy) {

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
