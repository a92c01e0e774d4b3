package io.mantle.controlplane.database;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The prices that hold for a tenant: its own before the platform's; of each, the one whose pattern
 * fits the model best, one of the provider's kind before one of any, the latest of those that hold
 * on the day. Remembers what it found; for one thread.
 */
final class PriceList {
  private final List<ModelPrice> ofTenant;
  private final List<ModelPrice> ofPlatform;
  private final Map<Asked, Optional<Found>> found = new HashMap<>();

  PriceList(List<ModelPrice> ofTenant, List<ModelPrice> ofPlatform) {
    this.ofTenant = ofTenant;
    this.ofPlatform = ofPlatform;
  }

  /** Whose price it is. */
  enum Source {
    TENANT,
    PLATFORM;

    /** As it is stored. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A price that holds.
   *
   * @param ofPlatform the platform's for the same, where a tenant's own comes before it
   */
  record Found(Rates rates, Source source, Optional<Rates> ofPlatform) {}

  private record Asked(String providerKind, String model, LocalDate day) {}

  /**
   * The price of a model.
   *
   * @param providerKind empty where it is not known: prices of any kind hold
   */
  Optional<Found> find(String providerKind, String model, LocalDate day) {
    return found.computeIfAbsent(new Asked(providerKind, model, day), this::find);
  }

  private Optional<Found> find(Asked asked) {
    Optional<Rates> platforms = best(ofPlatform, asked).map(ModelPrice::rates);
    return best(ofTenant, asked)
        .map(own -> new Found(own.rates(), Source.TENANT, platforms))
        .or(() -> platforms.map(rates -> new Found(rates, Source.PLATFORM, Optional.empty())));
  }

  private static Optional<ModelPrice> best(List<ModelPrice> prices, Asked asked) {
    return prices.stream()
        .filter(price -> !price.validFrom().isAfter(asked.day))
        .filter(
            price ->
                price.providerKind().equals(ModelPrice.ANY_KIND)
                    || price.providerKind().equals(asked.providerKind))
        .filter(price -> fit(price, asked) >= 0)
        .max(
            Comparator.<ModelPrice>comparingInt(price -> fit(price, asked))
                .thenComparing(price -> !price.providerKind().equals(ModelPrice.ANY_KIND))
                .thenComparing(ModelPrice::validFrom));
  }

  private static int fit(ModelPrice price, Asked asked) {
    return new ModelPattern(price.modelPattern()).fit(asked.model);
  }
}
