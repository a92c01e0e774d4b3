package io.mantle.controlplane.database;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * All that is published of one tenant, as it stood at one moment, with its secrets opened.
 *
 * @param keys those not revoked, by id
 * @param providers by name
 * @param routes in the order they are tried
 * @param limits how much it may ask for
 * @param spent which of its budgets keep out what costs
 */
public record TenantRows(
    String tenantId,
    String plan,
    boolean reserved,
    Secret surrogateKey,
    List<ProxyKeyRow> keys,
    List<ProviderRow> providers,
    List<RouteRow> routes,
    PrivacyRow privacy,
    TenantLimits limits,
    SpentBudgets spent)
    implements TenantRead {

  /**
   * A key of a client.
   *
   * @param sha256 of the whole key, 32 bytes, hexadecimal
   */
  public record ProxyKeyRow(UUID id, String sha256) {}

  /**
   * Who answers.
   *
   * @param credential empty where it is called without one
   * @param privateAllowed whether its name may lead to addresses that are not on the public
   *     Internet
   */
  public record ProviderRow(
      UUID id,
      String name,
      String kind,
      String baseUrl,
      Secret credential,
      List<String> models,
      boolean acceptsStreamUsage,
      boolean privateAllowed) {}

  /**
   * Which models go where.
   *
   * @param providerIds in order of preference
   * @param modelMapping by a provider's id, what it calls the model, where it is not as the client
   *     does
   * @param retries how many further attempts there are; empty for one at each further provider
   * @param firstByteTimeoutSeconds how long one attempt may take to begin its answer; empty for
   *     what holds for all
   */
  public record RouteRow(
      UUID id,
      String modelPattern,
      List<UUID> providerIds,
      Map<String, String> modelMapping,
      OptionalInt retries,
      OptionalInt firstByteTimeoutSeconds) {}
}
