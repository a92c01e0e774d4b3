package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.text;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * What a tenant's exchanges cost, by the prices, providers and routes that it has now and the day
 * on which each began. For one transaction.
 */
final class Costs {
  /** Where providers count, list or show again what was paid for, and ask for nothing. */
  private static final Set<String> FREE =
      Set.of("/v1/messages/count_tokens", "/v1/responses/{id}", "/v1/models", "/v1/models/{id}");

  private final PriceList prices;
  private final Map<String, String> kindOfProvider = new HashMap<>();
  private final List<Route> routes;

  private Costs(PriceList prices, List<Route> routes) {
    this.prices = prices;
    this.routes = routes;
  }

  /**
   * A cost.
   *
   * @param nanoUsd empty where no price is known
   * @param source of the price; empty where none was needed, or is known
   * @param platformNanoUsd by the platform's price, where a tenant's own came before it
   */
  record Cost(
      OptionalLong nanoUsd, Optional<PriceList.Source> source, OptionalLong platformNanoUsd) {
    private static final Cost UNKNOWN =
        new Cost(OptionalLong.empty(), Optional.empty(), OptionalLong.empty());
    private static final Cost NOTHING =
        new Cost(OptionalLong.of(0), Optional.empty(), OptionalLong.empty());
  }

  /** Under what name a provider is asked for the models of a pattern. */
  private record Route(ModelPattern pattern, Map<String, String> modelByProvider) {}

  /**
   * Those of the tenant that the handle acts as.
   *
   * @param ofPlatform the platform's prices
   */
  static Costs read(Handle handle, List<ModelPrice> ofPlatform) {
    Costs costs =
        new Costs(
            new PriceList(PriceRepository.ofTenant(handle), ofPlatform),
            handle
                .createQuery(
                    "SELECT model_pattern, model_mapping FROM route"
                        + " ORDER BY position, model_pattern")
                .map(
                    (row, _) ->
                        new Route(
                            new ModelPattern(text(row, "model_pattern")),
                            RouteRepository.mapping(text(row, "model_mapping"))))
                .list());
    handle
        .createQuery("SELECT id, kind FROM provider")
        .map((row, _) -> costs.kindOfProvider.put(text(row, "id"), text(row, "kind")))
        .list();
    return costs;
  }

  /**
   * What a row cost. Nothing, where nothing was sent, the provider answered with an error, or asks
   * for nothing.
   */
  Cost of(UsageRecord row) {
    if (row.details().attempts() == 0
        || FREE.contains(row.endpoint())
        || (row.promptTokens().isEmpty() && row.completionTokens().isEmpty())) {
      return Cost.NOTHING;
    }
    String provider = row.providerId().orElse("");
    LocalDate day = LocalDate.ofInstant(row.startedAt(), ZoneOffset.UTC);
    return prices
        .find(kindOfProvider.getOrDefault(provider, ""), calledBy(provider, row.model()), day)
        .map(
            found ->
                new Cost(
                    OptionalLong.of(nanoUsd(found.rates(), row)),
                    Optional.of(found.source()),
                    found.ofPlatform().stream()
                        .mapToLong(rates -> nanoUsd(rates, row))
                        .findFirst()))
        .orElse(Cost.UNKNOWN);
  }

  private static long nanoUsd(Rates rates, UsageRecord row) {
    return rates.costNanoUsd(
        row.promptTokens().orElse(0),
        row.details().cachedTokens(),
        row.completionTokens().orElse(0));
  }

  /** What the provider calls the model. */
  private String calledBy(String provider, String model) {
    return routes.stream()
        .filter(route -> route.pattern.matches(model))
        .findFirst()
        .map(route -> route.modelByProvider.getOrDefault(provider, model))
        .orElse(model);
  }
}
